// What qmail-pop3d does: a POP3 session of a user who is known. qmail-pop3d(8).
// Exit codes, as in stock: 1 for root, 0 for everything else, whatever it is.
#pragma once
#include "core/base/program.h"

namespace qmail {

/// Serves the maildir that the first argument names on descriptors 0 and 1. Throws Failure if it cannot be
/// read.
int serve_maildir(const Process& self);

/// What cannot go on is told to the client, the reason to standard error.
Ending refuse_maildir();

}  // namespace qmail
