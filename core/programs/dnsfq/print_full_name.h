// A host's fully qualified name: that of its first address. dnsfq(8).
#pragma once
#include <string>
#include <vector>

#include "core/base/io.h"
#include "core/dns/resolver.h"

namespace qmail {

/// `candidates` is what the host's name may mean; the first that has an address counts.
/// Throws Failure "hard error" or "soft error".
void print_full_name(dns::Resolver& resolver, const std::vector<std::string>& candidates, Writer& out);

}  // namespace qmail
