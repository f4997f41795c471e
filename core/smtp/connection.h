// A server's end of an SMTP connection: request lines in, replies out, and the few last words that a
// broken conversation allows.
#pragma once
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "core/base/io.h"
#include "core/smtp/reply.h"

namespace qmail::smtpd {

/// Replies collect until the client must be waited for, so that a batch of commands (RFC 2920) costs one
/// read and one write.
class Connection {
 public:
  /// Longest request line; stock has no limit. Room for AUTH, RFC 4954 section 4.
  static constexpr std::size_t longest_line = 16384;
  enum class Line { whole, too_long, lost };

  Connection(int in, int out, int timeout_seconds) : in_(in, timeout_seconds), out_(out, timeout_seconds) {}

  void say(const Reply& reply) { out_.put(encode(reply)); }
  /// The next request without its line end, LF or CR LF. A line that is too long is read to its end and
  /// dropped. After `lost` nothing can be said any more.
  Line next_line(std::string& line);
  /// The bytes that are here, after waiting for some; empty: the client is gone (it has been told if it was
  /// too slow). take() what was used.
  std::string_view bytes();
  void take(std::size_t count) { in_.take(count); }
  /// What was taken is nowhere here any more.
  void forget() noexcept { in_.forget(); }
  [[nodiscard]] bool flush() { return out_.flush(); }
  /// Waits so long for the client to say something, or to be gone.
  bool has_input_within(std::chrono::milliseconds time);
  /// What `take_over` gives for both ends; nothing else may be done with them behind that.
  template <typename TakeOver>
  auto give_away(const TakeOver& take_over) {
    return take_over(in_, out_);
  }

 private:
  Reader in_;
  Writer out_;
};

}  // namespace qmail::smtpd
