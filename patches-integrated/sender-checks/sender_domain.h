// Whether mail could go back to a sender's domain.
#pragma once
#include <string_view>

#include "core/dns/resolver.h"
#include "core/smtp/server_hook.h"

namespace qmail::features {

/// A domain has to have a mail exchanger or an address; one that says it takes no mail (RFC 7505) has none.
/// An address literal, and a sender without a domain, are not looked up.
smtpd::Verdict judge_domain_of(std::string_view sender, dns::Resolver& resolver);

}  // namespace qmail::features
