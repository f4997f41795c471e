// Giving a message to the queue: runs qmail-queue, or the program $QMAILQUEUE names, and translates its
// exit code. qmail-queue(8); envelopes(5). Everything that accepts or makes a message uses this.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

#include "core/base/environment.h"
#include "core/base/fd.h"
#include "core/base/io.h"

namespace qmail::queue {

/// One message on its way into the queue: put() its bytes, then from(), to() for each recipient, then
/// close(). The process must ignore SIGPIPE. After fail(), or if destroyed before close(), qmail-queue sees a
/// cut envelope and keeps nothing.
class Client {
 public:
  /// Throws Failure if there are no descriptors or processes left.
  Client(const Directory& home, const Environment& environment);
  /// None, with errno set, in the same case.
  static std::optional<Client> try_open(const Directory& home, const Environment& environment);
  Client(Client&& other) noexcept;
  ~Client();

  void put(std::string_view bytes);
  void from(std::string_view sender);
  void to(std::string_view recipient);
  void fail() { failed_ = true; }
  /// The number that Received fields and the log call qp.
  pid_t qp() const { return child_.value_or(0); }

  /// Empty: the message is in the queue and stays there. Else 'D' (permanent) or 'Z' (temporary) and the
  /// text of an SMTP reply with its code in parentheses, without a newline.
  std::string close();

 private:
  Client() = default;

  Fd message_, envelope_, reply_;
  std::optional<Writer> writer_;
  std::optional<pid_t> child_;
  bool failed_ = false;
};

/// The reply for an exit code of qmail-queue; `text` is what it wrote to descriptor 6 (used with code 82).
std::string reply_for(int exit_code, std::string_view text);

}  // namespace qmail::queue
