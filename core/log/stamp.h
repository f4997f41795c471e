// The time before a line of a log, in the two forms that loggers write and log analysers expect.
// qmail-log(5).
#pragma once
#include <string>

#include "core/base/clock.h"

namespace qmail::log {

/// "1795375500.123456", as splogger writes it.
std::string stamp(const Moment& moment);
/// "@400000006b036516075bcd15", as multilog and tai64n do.
std::string tai_stamp(const Moment& moment);

}  // namespace qmail::log
