// A client's end of an SMTP connection: commands out, replies in, and the message.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "core/base/io.h"
#include "core/smtp/reply_parser.h"

namespace qmail::smtpc {

/// Every wait, for the server to read or to answer, has the same time-out. Once the connection is lost or has
/// timed out, nothing more is sent.
class ClientSession {
 public:
  /// `fd` is a connected socket and stays the caller's.
  ClientSession(int fd, int timeout_seconds)
      : timeout_seconds_(timeout_seconds), in_(fd, timeout_seconds), out_(fd, timeout_seconds) {}

  /// Puts a command behind those that wait; they are sent together when a reply is wanted. `line` must not
  /// contain a line end.
  void put(std::string_view line) { out_.put(line).put("\r\n"); }
  /// Sends what waits. The server's next reply; none if the connection died before its end.
  std::optional<ServerReply> read_reply();
  /// Sends one line and waits for its reply.
  std::optional<ServerReply> command(std::string_view line);
  /// The next reply if it has arrived together with the last one; without waiting.
  std::optional<ServerReply> reply_at_hand();

  /// Says EHLO and keeps what the server offers; where it knows no EHLO, HELO. The last answer.
  std::optional<ServerReply> introduce(const std::string& host);
  /// Whether the server offers this extension.
  bool offers(std::string_view keyword) const { return find_offer(keyword).has_value(); }
  /// The parameters of that extension; none if the server does not offer it.
  std::optional<std::string_view> find_offer(std::string_view keyword) const;

  /// How sending a message ended. Only after `sent` does a reply follow; after the others the connection is
  /// of no further use. Only after lost_at_end may the server have seen the message's end.
  enum class Body { sent, lost, lost_at_end, unreadable, no_last_newline };
  /// Sends all of `message`, in pieces as they are read, and the closing dot. To a server that has said more
  /// than it was asked nothing is sent: its next reply would not be about the message.
  Body send_body(Reader& message);

  /// True if the server has said nothing that was not read yet, and has not hung up.
  bool is_quiet() const;
  /// Says goodbye, behind `last_words`, without waiting for anything. Whether it arrives does not matter any
  /// more.
  void quit(std::string_view last_words = "") const;

  /// What `take_over` gives for both ends, with all that was read and not used; behind that there is no
  /// connection until go_on_over().
  template <typename TakeOver>
  auto give_away(const TakeOver& take_over) {
    return take_over(in_, out_);
  }
  /// From now on over `fd`, as if nothing had been said: RFC 3207 section 4.2.
  void go_on_over(int fd);

 private:
  int timeout_seconds_;
  Reader in_;
  Writer out_;
  std::string ehlo_reply_;  ///< empty: no EHLO was accepted
};

}  // namespace qmail::smtpc
