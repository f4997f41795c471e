// The commands of qmail-qctl. qmail-qctl(8).
#pragma once
#include "core/base/program.h"

namespace qmail::qctl {

/// Does what the arguments say and returns the exit code. Throws Failure, UsageError among them.
int control_queue(Process& self);

}  // namespace qmail::qctl
