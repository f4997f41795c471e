// Having remote deliveries made. qmail-rspawn(8).
#pragma once
#include "core/base/program.h"

namespace qmail {

/// Takes requests on descriptor 0 and writes reports to descriptor 1 until the requests end. Throws Failure
/// if it cannot start.
void spawn_remote(const Process& self);

}  // namespace qmail
