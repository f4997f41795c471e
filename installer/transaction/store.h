// The transactions of a machine, each a folder below /var/lib/qmailkit/transactions: its journal and the
// files it saved.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "installer/transaction/journal.h"
#include "installer/transaction/tree.h"

namespace qmail::transaction {

/// A transaction whose journal is open for more records.
struct Opened {
  std::string id;
  Directory folder;
  Journal journal;
};

class Store {
 public:
  /// Makes nothing. `tree` must outlive this object.
  explicit Store(const Tree& tree) : tree_(tree) {}

  /// Keeps every other installer away until the descriptor is closed; none if one is at work. Makes the
  /// store's folder.
  std::optional<Fd> lock() const;
  /// Oldest first. What broke off before its plan was written did nothing and is left out.
  std::vector<std::string> ids() const;
  /// The journal alone, to look at. Throws Failure if there is none, or it is damaged.
  Journal read(const std::string& id) const;
  /// A new transaction, named after the time. Throws Failure.
  Opened begin(const Plan& plan, const Clock& clock) const;
  /// One that is there, for apply() or roll_back(). Throws Failure.
  Opened open(const std::string& id) const;

 private:
  Journal::Reading find(const std::string& id) const;

  const Tree& tree_;
};

}  // namespace qmail::transaction
