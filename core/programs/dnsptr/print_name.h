// The name of an address. dnsptr(8).
#pragma once
#include <string>

#include "core/base/io.h"
#include "core/dns/resolver.h"

namespace qmail {

/// Throws UsageError if `address` is none, else Failure "hard error" or "soft error".
void print_name(dns::Resolver& resolver, const std::string& address, Writer& out);

}  // namespace qmail
