// What dot-forward does. dot-forward(1).
#pragma once
#include "core/base/program.h"

namespace qmail {

/// Obeys the first of the files named in the arguments that has something to obey, with the message on
/// descriptor 0, a file. Returns the exit code; throws Failure.
int dot_forward(const Process& self);

}  // namespace qmail
