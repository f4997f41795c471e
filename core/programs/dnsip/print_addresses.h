// A host's addresses, one a line. dnsip(8).
#pragma once
#include <string>

#include "core/base/io.h"
#include "core/dns/resolver.h"

namespace qmail {

/// `host` may be an address itself. Throws Failure "hard error" or "soft error".
void print_addresses(dns::Resolver& resolver, const std::string& host, Writer& out);

}  // namespace qmail
