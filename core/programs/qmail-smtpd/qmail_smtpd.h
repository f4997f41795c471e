// Receiving messages by SMTP on two descriptors. qmail-smtpd(8).
// Exit codes: 0 after QUIT; 1 otherwise, as in stock, whatever the reason.
#pragma once
#include <span>

#include "core/base/program.h"
#include "core/smtp/server_hook.h"

namespace qmail {

/// Runs one session. Without control/rcpthosts and without RELAYCLIENT in the environment nobody has said
/// what mail may come in: the client then gets 421, and standard error the name of the file to make.
int receive_by_smtp(const Process& self, std::span<const smtpd::Factory> factories);

/// What cannot go on is told to the client as a 421 reply, the reason to standard error.
Ending refuse_by_smtp();

}  // namespace qmail
