// To whom tcpclient connects, and how long it tries.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/base/fd.h"
#include "core/dns/resolver.h"
#include "core/format/socket_address.h"
#include "ucspi/tcpclient/client_log.h"
#include "ucspi/tcpclient/client_options.h"

namespace qmail::ucspi {

/// The addresses of `host`, those that `family` asks for: an address itself, this machine's own for "0" or
/// nothing, or else what the DNS has for the first of `names` that it knows. Throws Failure if there is none.
std::vector<Ip> find_server(const std::string& host, const std::vector<std::string>& names, Family family,
                            dns::Resolver& resolver);

/// A blocking socket connected to the first of `ips` that takes the connection. None if none does: `log` then
/// knows why. Throws Failure if it cannot have its local address.
std::optional<Fd> dial(const std::vector<Ip>& ips, std::uint16_t port, const ClientOptions& options,
                       const ClientLog& log);

}  // namespace qmail::ucspi
