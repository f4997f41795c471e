// What a checker runs for qmail-authd, in the place of a session: it tells who it has become.
#pragma once
#include "core/base/program.h"

namespace qmail::authd {

/// Writes the user, as core/accounts/auth_packets.h has it, to standard output. Throws Failure.
int report_user(const Process& self);

}  // namespace qmail::authd
