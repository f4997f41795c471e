// The program as everybody can run it: one message, on descriptors 0 and 1. qmail-queue(8).
#pragma once
#include "core/base/program.h"

namespace qmail::queue {

/// Puts it into the layout; or, where this process may not write to that, gives it to the resident. The exit
/// code. Throws a refusal.
int run_classic(Process& self);

}  // namespace qmail::queue
