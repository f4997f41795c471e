// Making local deliveries, each as the user a recipient belongs to. qmail-lspawn(8).
#pragma once
#include <string>

#include "core/base/clock.h"
#include "core/base/environment.h"
#include "core/base/fd.h"

namespace qmail {

/// What qmail-lspawn finds when it starts.
struct LspawnWorld {
  const Directory& home;
  const std::string& default_delivery;  ///< for users with an empty .qmail, or none
  const Environment& environment;       ///< of every delivery
  const Clock& clock;
};

/// Takes requests on descriptor 0 and writes reports to descriptor 1 until the requests end. Throws Failure
/// if it cannot start.
void spawn_local(const LspawnWorld& world);

}  // namespace qmail
