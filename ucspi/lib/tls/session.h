// One connection, from the request of a program to its end. Runs in a process of its own.
#pragma once
#include "core/base/clock.h"
#include "core/base/fd.h"
#include "ucspi/lib/tls/contexts.h"

namespace qmail::ucspi {

/// How a connection ended.
enum class SessionEnd {
  complete,  ///< or it never was one
  cut,       ///< the other side went away without a close_notify: what it has sent may not be all
};

/// Takes a request from `control`, does what it asks for, and returns when that is over. Throws Failure.
SessionEnd serve_session(const Contexts& contexts, const Fd& control, const Clock& clock);

}  // namespace qmail::ucspi
