// `qmail-run log`: copies lines and puts the time before each, as splogger does and log analysers expect.
#pragma once
#include "core/base/clock.h"

namespace qmail {

/// "1795375500.123456 line" for each line of descriptor `in`, on descriptor `out`, each written as soon as it
/// is whole, until the input ends. Returns 0. Throws Failure if `out` cannot be written.
int stamp_lines(int in, int out, const Clock& clock);

}  // namespace qmail
