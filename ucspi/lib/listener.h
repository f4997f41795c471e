// Listening TCP sockets.
#pragma once
#include <cstdint>
#include <string>

#include "core/base/fd.h"
#include "core/dns/resolver.h"
#include "core/format/socket_address.h"
#include "ucspi/lib/family.h"

namespace qmail::ucspi {

/// The address to listen on: a dotted or IPv6 address, or the first address of the family that the DNS has
/// for a name. Empty and "0" mean every address of this host, as does "::". Throws Failure.
Ip find_local_ip(const std::string& host, Family family, dns::Resolver& resolver);

/// A number, or a name in /etc/services. Throws Failure.
std::uint16_t find_port(const std::string& port);

/// Listens, without blocking. Of both families, "::" is one socket for IPv6 and IPv4 (an IPv4 client then
/// shows its IPv4 address); where the system has no IPv6, it is every IPv4 address. Throws Failure: "unable
/// to bind: ...", with `which` behind the verb.
Fd listen_on(Endpoint local, int backlog, Family family = Family::any, const std::string& which = "");

/// This end of `socket`; none with errno set.
std::optional<Endpoint> local_endpoint(const Fd& socket);

}  // namespace qmail::ucspi
