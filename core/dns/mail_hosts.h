// Where mail for a domain goes: its mail exchangers, or the domain's own addresses. RFC 5321 section 5.1,
// RFC 7505 (null MX).
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/base/random.h"
#include "core/dns/resolver.h"

namespace qmail::dns {

/// One address to connect to; the lowest preference is to be tried first.
struct MailHost {
  unsigned preference;
  Ip ip;
  std::string name = {};  ///< the exchanger's or the domain's; the address if that was all that was given
  bool operator==(const MailHost&) const = default;
};

/// found: `hosts` is in the order to try them, and empty if there are exchangers but none with an address, as
/// with a null MX. not_found: no such domain or host. try_again: nothing is known now.
using MailHosts = Answer<MailHost>;

/// A source of random numbers.
using Random = std::function<std::uint32_t()>;

/// The addresses of the exchangers of `domain`, in random order within a preference, of each IPv4 before
/// IPv6; of the domain itself (preference 0) if it has none; or the address that `domain` is, bare or in
/// brackets. No more than the hundred best exchangers are looked up.
MailHosts find_mail_hosts(Resolver& resolver, const std::string& domain,
                          const Random& random = random_number);

/// The addresses of `host` itself, with preference 0.
MailHosts find_host(Resolver& resolver, const std::string& host);

}  // namespace qmail::dns
