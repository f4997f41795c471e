// What maildirwatch does. maildirwatch(1).
#pragma once
#include <functional>

#include "core/base/clock.h"
#include "core/base/environment.h"

namespace qmail {

/// Writes to `out`, for a terminal like a VT100, what is new in $MAILDIR, until `pause`, which is called with
/// a number of seconds in between, returns false. Returns 0; throws Failure if the maildir or a message
/// cannot be read, or nothing can be written.
int watch_maildir(const Environment& environment, const Clock& clock, int out,
                  const std::function<bool(unsigned seconds)>& pause);

}  // namespace qmail
