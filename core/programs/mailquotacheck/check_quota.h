// What mailquotacheck does. mailquotacheck(1).
// Exit codes of its own: 77 (EX_NOPERM of sysexits.h) if the message does not fit.
#pragma once
#include "core/base/program.h"

namespace qmail {

/// Measures the message on descriptor 0, counts it if it fits. Returns the exit code; throws Failure.
int check_quota(const Process& self);

}  // namespace qmail
