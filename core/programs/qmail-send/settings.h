// What qmail-send takes from its control files. qmail-send(8) lists them.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "core/control/control.h"
#include "core/programs/qmail-send/domain_cap.h"
#include "core/programs/qmail-send/routing.h"

namespace qmail::send {

struct Settings {
  std::array<std::size_t, 2> concurrency;  ///< by channel
  DomainLimits domain_limits;              ///< for the remote channel
  std::size_t recipients_together;         ///< most in one remote transaction
  std::int64_t lifetime_seconds;
  std::string bouncefrom, bouncehost;
  std::string double_bounce_to;  ///< doublebounceto@doublebouncehost
  Routing routing;
};

/// Throws Failure.
Settings read_settings(const Control& control);

/// Reads locals and virtualdomains again. Changes nothing and returns the name of the one that cannot be
/// read, if any.
std::optional<std::string> reread(const Control& control, Routing& routing);

}  // namespace qmail::send
