// A listening TCP socket.
#pragma once
#include <cstdint>
#include <string>

#include "core/base/fd.h"
#include "core/dns/resolver.h"
#include "core/format/socket_address.h"

namespace qmail::ucspi {

/// The address to listen on: a dotted or IPv6 address, or the first address that the DNS has for a name.
/// Empty, "0" and "::" mean every address of this host. Throws Failure.
Ip find_local_ip(const std::string& host, dns::Resolver& resolver);

/// A number, or a name in /etc/services. Throws Failure.
std::uint16_t find_port(const std::string& port);

/// Listens, without blocking. "::" is one socket for IPv6 and IPv4 both (an IPv4 client then shows its IPv4
/// address); where the system has no IPv6, it is every IPv4 address. Throws Failure.
Fd listen_on(Endpoint local, int backlog);

/// This end of `socket`; none with errno set.
std::optional<Endpoint> local_endpoint(const Fd& socket);

}  // namespace qmail::ucspi
