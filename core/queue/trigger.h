// The trigger: a FIFO through which qmail-queue wakes qmail-send. It carries no data; what to do is found
// in todo. Any qmail's qmail-queue can pull it.
#pragma once
#include "core/base/fd.h"
#include "core/queue/layout.h"

namespace qmail::queue {

/// Wakes qmail-send if it waits. Failure does no harm: qmail-send also looks by itself now and then.
void pull_trigger(const Layout& queue);

/// qmail-send's end.
class Trigger {
 public:
  explicit Trigger(const Layout& queue);
  /// To wait for: readable once the trigger was pulled, until rearm(). -1, which poll(2) passes over, if
  /// there is no trigger.
  int fd() const noexcept { return read_.get(); }
  /// Call before looking into todo: a pull from here on makes fd() readable again.
  void rearm();

 private:
  Fd read_;
  Fd write_;
};

}  // namespace qmail::queue
