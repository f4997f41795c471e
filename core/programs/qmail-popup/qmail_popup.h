// What qmail-popup does: a POP3 session up to the point where it is known whose it is. qmail-popup(8).
// Exit code: 1, whatever happens, as in stock.
#pragma once
#include "core/base/program.h"

namespace qmail {

/// Talks to the client on descriptors 0 and 1 until it has told who it is, has the program in the arguments
/// check that and hold the session, and waits for its end.
int read_login(Process& self);

/// What cannot go on is told to the client, the reason to standard error.
Ending refuse_login();

}  // namespace qmail
