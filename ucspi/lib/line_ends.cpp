#include "ucspi/lib/line_ends.h"

namespace qmail::ucspi {

std::string add_cr(std::string_view bytes) {
  std::string result;
  for (const char c : bytes) {
    if (c == '\n') result += '\r';
    result += c;
  }
  return result;
}

std::string CrFixer::fix(std::string_view piece) {
  std::string result;
  for (const char c : piece) {
    if (c == '\n' && !after_cr_) result += '\r';
    result += c;
    after_cr_ = c == '\r';
  }
  return result;
}

std::string CrRemover::remove(std::string_view piece) {
  std::string result;
  for (const char c : piece) {
    if (holds_cr_ && c != '\n') result += '\r';
    holds_cr_ = c == '\r';
    if (!holds_cr_) result += c;
  }
  return result;
}

}  // namespace qmail::ucspi
