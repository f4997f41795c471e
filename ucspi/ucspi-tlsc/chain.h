// ucspi-tlsc between tcpclient and a program: ucspi-tlsc(8).
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/base/program.h"
#include "core/format/tls_packets.h"

namespace qmail::ucspi {

struct Chain {
  tls::Request request;
  std::string authorities = "";  ///< a file; empty: the system's
  std::string certificate = "";  ///< a file with our own; empty: we have none
  std::vector<std::string> program = {};
};

/// None if no program is named: then it is to be resident. Throws UsageError.
std::optional<Chain> parse_chain(const std::vector<std::string>& args);

/// Secures the connection on descriptors 6 and 7 in a process of its own, and becomes the program, which has
/// the plain text there. Throws Failure.
[[noreturn]] void run_chain(const Chain& chain, Process& self);

}  // namespace qmail::ucspi
