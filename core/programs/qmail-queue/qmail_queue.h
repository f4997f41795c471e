// Putting one message into the stock layout: the classic qmail-queue. qmail-queue(8); exit codes in
// endings.h; formats in docs/internals/queue.md.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <sys/types.h>

#include "core/base/clock.h"
#include "core/programs/qmail-queue/endings.h"
#include "core/programs/qmail-queue/source.h"
#include "core/queue/envelope.h"
#include "core/users/ids.h"

namespace qmail::queue {

/// Who asks for it, and where.
struct Invocation {
  std::string home;
  const Clock& clock;
  uid_t invoker;
  std::uint64_t qp;  ///< what the message is told apart by until it has its number
  pid_t pid;
};

/// On return the message is in the queue, survives power loss, and qmail-send was told. Throws a refusal;
/// the message is then not in the queue.
void queue_message(Source& source, const Invocation& invocation);

/// The line that goes before the message.
std::string received_line(std::uint64_t qp, uid_t invoker, const users::Ids& ids, std::int64_t now);

/// What an envelope that has come this far is refused with; none if it is not.
std::optional<Code> code_for(EnvelopeScan::Status status);

}  // namespace qmail::queue
