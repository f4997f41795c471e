// Doing a plan and taking it back, one journaled step after another. Only this touches the machine.
#pragma once
#include <string>

#include "installer/transaction/journal.h"
#include "installer/transaction/system.h"

namespace qmail::transaction {

/// Who is told what happens, and may ask to stop between two steps.
class Watcher {
 public:
  virtual ~Watcher() = default;
  virtual void doing(std::size_t, const Step&) {}
  virtual void undoing(std::size_t, const Step&) {}
  virtual void kept(const std::string&) {}  ///< a line about something that was not undone
  virtual bool wants_stop() { return false; }
};

/// Does what is left of the journal's plan and commits it. False if the watcher stopped it before the end; it
/// can be called again then, also by another process. Throws Failure at the first step that fails, and at
/// once if a roll-back has begun: only roll_back() may follow one.
bool apply(System& system, Journal& journal, Watcher& watcher);

/// Takes back, last step first, whatever of the plan was begun. Can be called again after a crash.
void roll_back(System& system, Journal& journal, Watcher& watcher);

}  // namespace qmail::transaction
