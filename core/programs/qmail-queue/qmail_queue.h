// Putting one message into the queue. qmail-queue(8); exit codes in endings.h; formats in
// docs/internals/queue.md.
#pragma once
#include <string>
#include <sys/types.h>

#include "core/base/clock.h"
#include "core/users/ids.h"

namespace qmail::queue {

struct Submission {
  int message;   ///< to read the message from, to its end
  int envelope;  ///< to read the envelope from, after that
  std::string home;
  const Clock& clock;
  uid_t invoker;
  pid_t pid;
};

/// On return the message is in the queue, survives power loss, and qmail-send was told. Throws a refusal;
/// the message is then not in the queue.
void queue_message(const Submission& submission);

/// The line that goes before the message.
std::string received_line(pid_t pid, uid_t invoker, const users::Ids& ids, std::int64_t now);

}  // namespace qmail::queue
