// Who may change the queue: qmail-send, which is asked, or this program, if no qmail-send runs.
#pragma once
#include <memory>

#include "core/base/clock.h"
#include "core/base/fd.h"
#include "core/base/io.h"
#include "core/queue/admin_protocol.h"
#include "core/queue/layout.h"

namespace qmail::qctl {

class QueueOwner {
 public:
  virtual ~QueueOwner() = default;
  /// What is done is durable on return. Throws Failure if there is no answer.
  virtual queue::admin::Reply carry_out(const queue::admin::Request& request) = 0;
};

/// The qmail-send that runs; null if none does.
std::unique_ptr<QueueOwner> find_qmail_send(const queue::Layout& queue);

/// This program, with the lock of qmail-send: none can start as long as it lives. What is in the queue log is
/// settled before. Throws Failure, above all if a qmail-send runs that cannot be asked. `err` is told of
/// files that make trouble.
std::unique_ptr<QueueOwner> take_queue(const Directory& home, const queue::Layout& queue, const Clock& clock,
                                       Writer& err);

}  // namespace qmail::qctl
