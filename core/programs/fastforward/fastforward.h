// What fastforward does. fastforward(1).
#pragma once
#include "core/base/program.h"

namespace qmail {

/// Looks the recipient up, runs the programs and forwards the message on descriptor 0, a file. Returns the
/// exit code; throws Failure.
int fast_forward(const Process& self);

}  // namespace qmail
