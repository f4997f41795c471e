// What qmail-vacation does. qmail-vacation(1).
#pragma once
#include "core/base/program.h"

namespace qmail::vacation {

/// Reads the message on descriptor 0 and, if it ought to be answered, queues the answer. Returns 0; throws
/// Failure.
int answer(const Process& self);

}  // namespace qmail::vacation
