// What the rules in a cdb say of one client, and why. tcprulescheck(1).
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/base/environment.h"

namespace qmail::ucspi {

struct Check {
  std::string cdb = "";
  bool explain = false;
  std::optional<std::string> rules = std::nullopt;  ///< the text that `cdb` was made from

  /// Throws UsageError.
  static Check parse(const std::vector<std::string>& args);
};

/// The rule found for TCPREMOTEIP, TCPREMOTEHOST and TCPREMOTEINFO of `environment`, and its instructions,
/// one a line; before them, if they are to be explained, each address that was looked for and, with the text
/// of the rules, the line that decided. Throws Failure.
std::string check_rules(const Check& check, const Environment& environment);

}  // namespace qmail::ucspi
