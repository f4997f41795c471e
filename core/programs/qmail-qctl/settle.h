// Moving what a crash left in the queue log into the files that every qmail knows. qmail-qctl(8).
#pragma once
#include "core/base/fd.h"

namespace qmail::qctl {

/// Has the resident qmail-queue and qmail-send do it, and waits for them; says on descriptor `err` what they
/// complain of. 0: nothing is left in the log; 111 otherwise. Throws Failure if it cannot start, above all
/// because qmail-send runs.
int settle_queue(const Directory& home, int err);

}  // namespace qmail::qctl
