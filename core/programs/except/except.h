// What except does. except(1).
#pragma once
#include "core/base/program.h"

namespace qmail {

/// Runs the program: 100 if it exits 0, otherwise 0. Throws Failure if it exits 111 or crashes.
int invert(const Process& self);

}  // namespace qmail
