// What forward does. forward(1).
#pragma once
#include "core/base/program.h"

namespace qmail {

/// Queues the message on descriptor 0 for the addresses in the arguments. Returns 0; throws Failure.
int forward_message(const Process& self);

}  // namespace qmail
