// What the rules in a cdb say of one client. tcprulescheck(1).
#pragma once
#include <string>

#include "core/base/environment.h"

namespace qmail::ucspi {

/// The rule found for TCPREMOTEIP, TCPREMOTEHOST and TCPREMOTEINFO of `environment`, and its instructions,
/// one a line. Throws Failure.
std::string explain_rules(const std::string& cdb, const Environment& environment);

}  // namespace qmail::ucspi
