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
  /// `fd` is connected and stays the caller's.
  ClientSession(int fd, int timeout_seconds) : in_(fd, timeout_seconds), out_(fd, timeout_seconds) {}

  /// The server's next reply; none if the connection died before its end.
  std::optional<ServerReply> read_reply();
  /// Sends one line and waits for its reply. `line` must not contain a line end.
  std::optional<ServerReply> command(std::string_view line);

  /// How sending a message ended. Only after `sent` does a reply follow; after the others the connection is
  /// of no further use. Only after lost_at_end may the server have seen the message's end.
  enum class Body { sent, lost, lost_at_end, unreadable, no_last_newline };
  /// Sends all of `message`, in pieces as they are read, and the closing dot.
  Body send_body(Reader& message);

  /// Says goodbye without waiting for the answer. Whether it arrives does not matter any more.
  void quit();

 private:
  Reader in_;
  Writer out_;
};

}  // namespace qmail::smtpc
