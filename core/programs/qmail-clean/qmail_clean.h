// Removing files from the queue: qmail-send, which must not write in qmailq's folders, asks for it. A request
// is "foop/NUMBER" NUL (intd and mess) or "todo/NUMBER" NUL (intd and todo), the answer one byte:
// '+' done, '!' it did not work, 'x' no such request.
#pragma once
#include <string_view>

#include "core/base/clock.h"
#include "core/queue/layout.h"

namespace qmail::queue {

class Cleaner {
 public:
  Cleaner(const Layout& queue, const Clock& clock) : queue_(queue), clock_(clock) {}

  /// Does what `request`, without its NUL, says. What is gone already counts as removed. Whenever the power
  /// fails, what is left is a legal state.
  char answer(std::string_view request);
  /// Removes the files in pid that nobody can be using any more. What cannot be removed stays.
  void remove_old_pid_files();

 private:
  bool remove_unqueued(Number number);
  bool remove_todo(Number number);
  bool remove_intd(Number number);

  const Layout& queue_;
  const Clock& clock_;
  bool intd_unsynced_ = false;  ///< a name was removed there, and that is not yet durable
};

/// Answers requests until they end. Throws Failure (100) if an answer cannot be written.
void clean_queue(int requests, int answers, const Layout& queue, const Clock& clock);

}  // namespace qmail::queue
