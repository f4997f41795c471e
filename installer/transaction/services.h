// The service manager, systemd, as steps see it.
#pragma once
#include <string>

#include "installer/transaction/step.h"

namespace qmail::transaction {

/// What systemd says about what the step changes: "active", "inactive", "enabled", ...; empty for reload.
std::string service_state(const RunService& step);

/// Runs systemctl. Throws Failure if it fails.
void run_service(const std::string& verb, const std::string& unit);

}  // namespace qmail::transaction
