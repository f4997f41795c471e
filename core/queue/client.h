// Giving a message to the queue: to the resident qmail-queue, if one listens; else to the program
// $QMAILQUEUE names or a qmail-queue of its own. qmail-queue(8); envelopes(5). Everything that accepts or
// makes a message uses this.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/environment.h"
#include "core/base/fd.h"
#include "core/queue/queue_program.h"

namespace qmail::queue {

/// One message on its way into the queue: put() its bytes, then from(), to() for each recipient, then
/// close(). The process must ignore SIGPIPE. After fail(), or if destroyed before close(), nothing is queued.
class Client {
 public:
  /// `home` and `environment` must outlive the client. Throws Failure if there are no descriptors or
  /// processes left.
  Client(const Directory& home, const Environment& environment);
  /// None, with errno set, in the same case.
  static std::optional<Client> try_open(const Directory& home, const Environment& environment);

  void put(std::string_view bytes);
  void from(std::string_view sender);
  void to(std::string_view recipient);
  void fail() { failed_ = true; }

  /// Empty: the message is in the queue and stays there. Else 'D' (permanent) or 'Z' (temporary) and the
  /// text of an SMTP reply with its code in parentheses, without a newline.
  std::string close();
  /// The number that Received fields and the log call qp. Known after close().
  std::uint64_t qp() const { return qp_; }

 private:
  Client(const Directory& home, const Environment& environment, std::optional<QueueProgram> program)
      : home_(&home), environment_(&environment), program_(std::move(program)) {}
  void put_envelope(std::string_view bytes);
  bool start_program();
  std::string end_program();

  const Directory* home_;
  const Environment* environment_;
  /// Without a program, message and envelope are kept here until close(): the resident takes them at once,
  /// and none of its connections waits for a slow sender.
  std::string message_, envelope_;
  bool in_envelope_ = false;
  std::size_t recipients_ = 0;
  std::optional<QueueProgram> program_;
  std::uint64_t qp_ = 0;
  bool failed_ = false;
};

}  // namespace qmail::queue
