// What dnsip, dnsmxip, dnsptr and dnsfq have in common: how they fail. Scripts know their two plain messages.
#pragma once
#include <string>

#include "core/dns/resolver.h"

namespace qmail::dns {

/// Throws Failure: "hard error" (100) if the answer is no, "soft error" (111) if there is none now.
void require_found(Status status);

/// Writes `why` alone to standard error, for run_program.
void report_plainly(const std::string& why);

}  // namespace qmail::dns
