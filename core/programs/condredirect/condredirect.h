// What condredirect does. condredirect(1).
#pragma once
#include "core/base/program.h"

namespace qmail {

/// Runs the program. Returns 99 after queueing the message for the new address if it exits 0, and 0
/// otherwise; throws Failure.
int redirect_if(const Process& self);

}  // namespace qmail
