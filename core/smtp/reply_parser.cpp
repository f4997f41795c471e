#include "core/smtp/reply_parser.h"

namespace qmail::smtpc {

bool ReplyParser::add(char byte) {
  if (byte != '\r' && reply_.text.size() < longest_text) reply_.text += byte;
  const unsigned column = column_;
  if (column <= code_size) ++column_;
  if (column < code_size) {
    // Unsigned, so that what is below '0' wraps round to a large number.
    const auto digit = static_cast<std::uint64_t>(static_cast<unsigned char>(byte)) - '0';
    if (first_line_) reply_.code = reply_.code * 10 + digit;
    return false;
  }
  if (column == code_size) last_line_ = byte != '-';
  if (byte != '\n') return false;
  column_ = 0;
  first_line_ = false;
  return last_line_;
}

}  // namespace qmail::smtpc
