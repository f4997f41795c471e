// A message as the answer to RETR and TOP. RFC 1939 sections 3, 5 and 7; qmail-pop3d(8).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qmail::pop3d {

/// Turns newlines into CR LF, puts a dot before a line that starts with one, and, as stock, an empty line
/// behind the message.
class MessageEncoder {
 public:
  /// Of the body no more than so many lines; none: all of it.
  explicit MessageEncoder(std::optional<std::uint64_t> body_lines = std::nullopt) : body_lines_(body_lines) {}

  /// Appends what the next bytes, cut anywhere, become. False: no more are wanted.
  bool put(std::string_view bytes, std::string& out);
  /// Appends the end of the last line if it has none, the empty line and the closing dot.
  void finish(std::string& out);

 private:
  bool may_begin_line();

  std::optional<std::uint64_t> body_lines_;
  bool in_body_ = false;
  bool at_line_start_ = true;
};

}  // namespace qmail::pop3d
