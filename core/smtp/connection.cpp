#include "core/smtp/connection.h"

#include <algorithm>
#include <poll.h>

#include "core/base/deadline.h"

namespace qmail::smtpd {

std::string_view Connection::bytes() {
  if (!in_.has_buffered() && !out_.flush()) return {};
  const std::string_view ready = in_.peek();
  if (ready.empty() && in_.stopped() == Stop::timed_out) {
    say({451, "timeout (#4.4.2)"});
    // The session is over whether or not the client still hears this.
    static_cast<void>(out_.flush());
  }
  return ready;
}

bool Connection::has_input_within(std::chrono::milliseconds time) {
  return in_.has_buffered() || wait_until(in_.fd(), POLLIN, Deadline(SteadyClock(), time));
}

Connection::Line Connection::next_line(std::string& line) {
  line.clear();
  // One that grows would leave what it has outgrown, which may be a password.
  line.reserve(longest_line);
  std::size_t length = 0;
  for (;;) {
    const std::string_view ready = bytes();
    if (ready.empty()) return Line::lost;
    const std::size_t newline = ready.find('\n');
    const std::string_view piece = ready.substr(0, newline);
    length += piece.size();
    line.append(piece.substr(0, std::min(piece.size(), longest_line - line.size())));
    take(newline == std::string_view::npos ? piece.size() : piece.size() + 1);
    if (newline == std::string_view::npos) continue;
    if (length > longest_line) return Line::too_long;
    if (line.ends_with('\r')) line.pop_back();
    return Line::whole;
  }
}

}  // namespace qmail::smtpd
