#include "installer/transaction/engine.h"

#include "core/base/failure.h"

namespace qmail::transaction {

bool apply(System& system, Journal& journal, Watcher& watcher) {
  if (journal.state() == Journal::State::committed) return true;
  if (journal.state() != Journal::State::interrupted)
    throw Failure(Exit::permanent, "unable to apply: the transaction is being rolled back");
  const auto& steps = journal.plan().steps;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (journal.is_done(i)) continue;
    if (watcher.wants_stop()) return false;
    watcher.doing(i, steps[i]);
    if (journal.saved(i) == nullptr) journal.intended(i, system.save(i, steps[i]));
    system.apply(steps[i]);
    journal.done(i, system.fingerprint(steps[i]));
  }
  journal.committed();
  return true;
}

void roll_back(System& system, Journal& journal, Watcher& watcher) {
  if (journal.state() == Journal::State::rolled_back) return;
  const auto& steps = journal.plan().steps;
  for (std::size_t i = steps.size(); i-- > 0;) {
    const Saved* saved = journal.saved(i);
    if (saved == nullptr || journal.is_undone(i)) continue;
    watcher.undoing(i, steps[i]);
    if (const auto note = system.undo(steps[i], *saved, journal.made(i))) watcher.kept(*note);
    journal.undone(i);
  }
  journal.rolled_back();
}

}  // namespace qmail::transaction
