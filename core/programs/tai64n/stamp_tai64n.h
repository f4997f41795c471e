// Lines with the time before each. tai64n(8).
#pragma once
#include "core/base/clock.h"

namespace qmail {

/// Copies `in` to `out` and puts before each line the moment its first byte was read. What has been read is
/// written before more is waited for. Throws Failure.
void stamp_tai64n(int in, int out, const Clock& clock);

}  // namespace qmail
