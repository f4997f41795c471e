#include "core/programs/qmail-pop3d/message_encoder.h"

namespace qmail::pop3d {

bool MessageEncoder::may_begin_line() {
  if (!body_lines_ || !in_body_) return true;
  if (*body_lines_ == 0) return false;
  --*body_lines_;
  return true;
}

bool MessageEncoder::put(std::string_view bytes, std::string& out) {
  while (!bytes.empty()) {
    if (at_line_start_) {
      if (!may_begin_line()) return false;
      if (bytes.front() == '\n') in_body_ = true;
      if (bytes.front() == '.') out += '.';
    }
    const std::size_t newline = bytes.find('\n');
    out += bytes.substr(0, newline);
    at_line_start_ = newline != std::string_view::npos;
    if (!at_line_start_) return true;
    out += "\r\n";
    bytes.remove_prefix(newline + 1);
  }
  return true;
}

void MessageEncoder::finish(std::string& out) {
  if (!at_line_start_) out += "\r\n";
  at_line_start_ = true;
  out += "\r\n.\r\n";
}

}  // namespace qmail::pop3d
