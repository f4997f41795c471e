// Starting qmail-remote for each remote delivery. qmail-rspawn(8).
#pragma once
#include <string>

#include "core/base/fd.h"

namespace qmail {

/// Takes requests on descriptor 0 and writes reports to descriptor 1 until the requests end. `program` is
/// looked up in PATH if it has no slash. Throws Failure if it cannot start.
void spawn_remote(const Directory& home, const std::string& program);

}  // namespace qmail
