#include "core/pop3/connection.h"

#include <array>
#include <sys/socket.h>

#include "core/base/secret.h"

namespace qmail::pop3 {

Connection::Connection(int in, int out, Reading reading)
    : in_(in, timeout_seconds, reading == Reading::exact ? 1 : Reader::usual_block),
      out_(out, timeout_seconds) {
  line_.reserve(longest_line + 1);
}

std::optional<Request> Connection::next() {
  for (;;) {
    forget();
    if (!in_.has_buffered() && !out_.flush()) return std::nullopt;
    if (!in_.line(line_, longest_line + 1)) return std::nullopt;
    if (line_.size() <= longest_line) break;
    err("line too long");
  }
  if (line_.ends_with('\r')) line_.pop_back();
  return parse_request(line_);
}

void Connection::forget() noexcept { wipe(line_); }

void Connection::finish() {
  // It is the end either way.
  static_cast<void>(out_.flush());
  constexpr int most_blocks = 64;
  std::array<char, 4096> block;
  for (int i = 0; i < most_blocks; ++i)
    if (::recv(in_.fd(), block.data(), block.size(), MSG_DONTWAIT) <= 0) break;
}

void tell_capabilities(Connection& connection, bool offers_tls) {
  connection.ok();
  connection.put("TOP\r\nUIDL\r\nUSER\r\nPIPELINING\r\n");
  if (offers_tls) connection.put("STLS\r\n");
  connection.put(".\r\n");
}

void say_last(const char* program, std::string_view reply, std::string_view why) {
  // Who does not hear them is gone already.
  static_cast<void>(Writer(1, timeout_seconds).put("-ERR ").put(reply).put("\r\n").flush());
  static_cast<void>(Writer(2).put(program).put(": fatal: ").put(why).put("\n").flush());
}

}  // namespace qmail::pop3
