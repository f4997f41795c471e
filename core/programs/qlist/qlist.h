// What qlist does. qlist(1).
#pragma once
#include "core/base/program.h"

namespace qmail::qlist {

/// Reads the message on descriptor 0 and does what it asks for: asks back, or changes the list and says so.
/// Returns 0; throws Failure.
int serve_request(const Process& self);

}  // namespace qmail::qlist
