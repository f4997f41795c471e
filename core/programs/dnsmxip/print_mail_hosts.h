// Where mail for a domain goes, one address and its preference a line, in the order to try. dnsmxip(8).
#pragma once
#include <string>

#include "core/base/io.h"
#include "core/dns/resolver.h"

namespace qmail {

/// Throws Failure "hard error" or "soft error".
void print_mail_hosts(dns::Resolver& resolver, const std::string& domain, Writer& out);

}  // namespace qmail
