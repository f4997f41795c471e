// What deliverquota does. deliverquota(1).
// Exit codes of its own: 77 (EX_NOPERM of sysexits.h) if the message does not fit.
#pragma once
#include "core/base/program.h"

namespace qmail {

/// Delivers what descriptor 0 holds, as it is, and perhaps a warning behind it. Returns the exit code; throws
/// Failure.
int deliver_within_quota(const Process& self);

}  // namespace qmail
