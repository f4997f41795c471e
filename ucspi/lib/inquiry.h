// What a program is told of a connection: its two ends, and what others say of them. tcp-environ(5).
#pragma once
#include <optional>
#include <string>

#include "core/base/clock.h"
#include "core/dns/resolver.h"
#include "core/format/socket_address.h"
#include "core/format/ucspi.h"

namespace qmail::ucspi {

/// Both ends of a connection.
struct Ends {
  Endpoint local;
  Endpoint remote;
};

/// Those of a connected socket. Throws Failure.
Ends find_ends(int socket);

/// What to find out besides the addresses.
struct Inquiry {
  std::optional<std::string> local_host = std::nullopt;  ///< none: the DNS is asked
  bool find_remote_host = true;
  std::optional<unsigned> info_seconds = std::nullopt;  ///< so long RFC 1413 is tried; none: not at all
  std::string unanswered = "";                          ///< the name of a host if the DNS has no answer now
};

/// The longest that the DNS should be asked for a name that tells who somebody is.
inline constexpr unsigned name_seconds = 3;

Peer inquire(const Ends& ends, const Inquiry& inquiry, dns::Resolver& resolver, const Clock& clock);

}  // namespace qmail::ucspi
