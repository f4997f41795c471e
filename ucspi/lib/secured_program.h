// A program behind TLS: it finds plain text where the connection was, and what was agreed on in its
// environment. tls-environ(5).
#pragma once
#include <string>
#include <vector>

#include "core/base/environment.h"
#include "core/tls/handover.h"

namespace qmail::ucspi {

/// Where a program has its connection: 0 and 1 behind a server, 6 and 7 behind a client.
struct ConnectionFds {
  int in, out;
};

/// Becomes `program`. Throws Failure if the connection is not secured, or the program cannot be run.
[[noreturn]] void run_secured(tls::Outcome outcome, const ConnectionFds& fds,
                              const std::vector<std::string>& program, Environment environment);

}  // namespace qmail::ucspi
