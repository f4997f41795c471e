// Accepts connections and runs a program for each. tcpserver(1).
#pragma once
#include "core/base/program.h"
#include "ucspi/tcpserver/announcer.h"

namespace qmail::ucspi {

/// Serves until TERM; programs then running go on. Throws Failure.
int serve_tcp(const Process& self, Announcer& announcer);

}  // namespace qmail::ucspi
