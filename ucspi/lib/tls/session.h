// One connection, from the request of a program to its end. Runs in a process of its own.
#pragma once
#include <string>

#include "core/base/clock.h"
#include "core/base/fd.h"
#include "ucspi/lib/tls/contexts.h"

namespace qmail::ucspi {

/// Takes a request from `control`, does what it asks for, and returns when that is over: what a person should
/// know of how it ended, or nothing. Throws Failure.
std::string serve_session(const Contexts& contexts, const Fd& control, const Clock& clock);

}  // namespace qmail::ucspi
