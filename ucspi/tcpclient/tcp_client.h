// What tcpclient does. tcpclient(1).
#pragma once
#include "core/base/program.h"
#include "ucspi/tcpclient/client_log.h"

namespace qmail::ucspi {

/// Connects and becomes the program, whose descriptors 6 and 7 are the connection. Returns an exit code if it
/// cannot connect. Throws Failure.
int connect_tcp(const Process& self, ClientLog& log);

}  // namespace qmail::ucspi
