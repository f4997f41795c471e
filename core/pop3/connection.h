// A POP3 server's end of a connection: requests in, replies out, for qmail-popup and qmail-pop3d.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/io.h"
#include "core/pop3/request.h"

namespace qmail::pop3 {

/// How long either program waits for its client.
inline constexpr int timeout_seconds = 1200;

/// Replies collect until the client must be waited for, so that many commands sent at once cost one read and
/// one write.
class Connection {
 public:
  /// Longest request line; stock has no limit.
  static constexpr std::size_t longest_line = 16384;
  /// exact: not a byte is read beyond the line that next() gives, for what follows is for another reader.
  enum class Reading { ahead, exact };

  Connection(int in, int out, Reading reading);
  /// The last line may have been a password.
  ~Connection() { forget(); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// The next request, valid until the next call. None: the client is gone, or has said nothing for too long.
  /// A line that is too long is answered here.
  std::optional<Request> next();
  /// Wipes the request.
  void forget() noexcept;

  void ok(std::string_view text = "") { out_.put("+OK ").put(text).put("\r\n"); }
  void err(std::string_view why) { out_.put("-ERR ").put(why).put("\r\n"); }
  /// What stands in an answer of several lines, as it is.
  void put(std::string_view bytes) { out_.put(bytes); }
  /// False: nothing more gets to the client.
  bool is_open() const { return out_.stopped() == Stop::none; }
  /// Before the connection is closed: sends what is left to say, and takes what the client has sent
  /// meanwhile. Unread, it would make the system throw away our last words on their way.
  void finish();
  [[nodiscard]] bool flush() { return out_.flush(); }

 private:
  Reader in_;
  Writer out_;
  std::string line_;
};

/// The answer to CAPA: what both programs can do, and whether STLS would be taken now. RFC 2449.
void tell_capabilities(Connection& connection, bool offers_tls);

/// When nothing else can be said any more: `reply` to the client on standard output, and `why` to the log.
void say_last(const char* program, std::string_view reply, std::string_view why);

}  // namespace qmail::pop3
