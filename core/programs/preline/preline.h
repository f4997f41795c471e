// What preline does. preline(1).
#pragma once
#include "core/base/program.h"

namespace qmail {

/// Runs the command with UFLINE, RPLINE, DTLINE and the message on its standard input; returns its exit code.
/// Throws Failure.
int preline(const Process& self);

}  // namespace qmail
