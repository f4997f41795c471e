// Between tcpserver and a program: tlsserve(1). It links no TLS library: ucspi-tlsd does the work.
#pragma once
#include <string>
#include <vector>

#include "core/base/program.h"
#include "core/format/tls_packets.h"

namespace qmail::ucspi {

struct Serving {
  tls::Request request;
  std::vector<std::string> program;
};

/// Throws UsageError.
Serving parse_serving(const std::vector<std::string>& args);

/// Has the connection on descriptors 0 and 1 secured and becomes the program. Throws Failure.
[[noreturn]] void serve_secured(const Serving& serving, Process& self);

}  // namespace qmail::ucspi
