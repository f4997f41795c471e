// Several deliveries at once for one user, each of the kind that most are: into one maildir. All files are
// written before the first is synced, and each directory is synced once. core/users/together.h.
#pragma once
#include <vector>

#include "core/base/program.h"
#include "core/mailbox/maildir.h"
#include "core/users/together.h"

namespace qmail::local {

bool is_together(const Process& self);
/// Their outcomes, in the order of `self.args`, each as if a qmail-local had been started for it. Throws
/// UsageError.
std::vector<users::LocalOutcome> deliver_together(const Process& self, mailbox::Shared& shared);

}  // namespace qmail::local
