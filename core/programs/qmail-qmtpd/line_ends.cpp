#include "core/programs/qmail-qmtpd/line_ends.h"

namespace qmail::qmtp {

std::string LineEnds::decode(std::string_view piece) {
  std::string text;
  for (const char c : piece) {
    if (is_behind_cr_ && c != '\n') text += '\r';
    is_behind_cr_ = c == '\r';
    if (!is_behind_cr_) text += c;
  }
  return text;
}

}  // namespace qmail::qmtp
