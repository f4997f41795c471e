// What programs written for sendmail ask for, said in qmail's terms. sendmail(8).
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/base/environment.h"
#include "core/base/spawn.h"

namespace qmail::sendmail {

struct Order {
  std::optional<Command> command;  ///< to be run in the home directory; none: there is nothing to do
  std::string warnings;            ///< lines for standard error
};

/// `name` is what this program was started as: mailq and newaliases have meanings of their own.
/// Throws UsageError, and Failure (permanent) for what qmail does in another way.
Order understand(const std::vector<std::string>& args, std::string_view name, const Environment& environment);

}  // namespace qmail::sendmail
