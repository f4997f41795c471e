// What bouncesaying does. bouncesaying(1).
#pragma once
#include "core/base/program.h"

namespace qmail {

/// Writes the error and returns 100, if there is no program or if it exits 0; otherwise returns 0. Throws
/// Failure.
int bounce_saying(const Process& self);

}  // namespace qmail
