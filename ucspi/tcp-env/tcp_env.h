// What tcp-env does. tcp-env(1).
#pragma once
#include <string>

#include "core/base/program.h"

namespace qmail::ucspi {

/// Becomes the program, with the TCP* variables of the connection that standard input is. Throws Failure.
[[noreturn]] int describe_and_run(const Process& self);

/// Writes `why` to standard error unless that is a socket: inetd puts the client there, whom it is not for.
void report_to_the_host(const std::string& why);

}  // namespace qmail::ucspi
