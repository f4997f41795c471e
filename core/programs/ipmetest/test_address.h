// Whether qmail-remote takes an address for this host's. ipmetest(8).
#pragma once
#include <span>

#include "core/base/program.h"
#include "core/smtp/client_hook.h"

namespace qmail {

/// Prints "me" or "not me" for the address that is the only argument. Throws Failure, also where mail would
/// be deferred instead.
int test_address(const Process& self, std::span<smtpc::Configure* const> features);

}  // namespace qmail
