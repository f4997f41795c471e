// Getting a message to a host: where to, which address, the connection, and then the transaction.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/dns/mail_hosts.h"
#include "core/format/socket_address.h"
#include "core/programs/qmail-remote/partner.h"
#include "core/programs/qmail-remote/settings.h"
#include "core/queue/timeout_table.h"
#include "core/smtp/client_hook.h"

namespace qmail::remote {

/// What came of an attempt to connect: an open descriptor, or none and why.
struct Connection {
  Fd fd = Fd();
  bool timed_out = false;
  int source_error = 0;  ///< the address to connect from cannot be used: errno
};

/// Connects within so many seconds, from `source` if there is one. Throws Failure if the system has no
/// sockets left.
Connection connect_to(const Endpoint& server, const std::optional<Ip>& source, int timeout_seconds);

/// What a delivery needs of the world.
struct World {
  dns::Resolver& resolver;
  queue::TimeoutTable& timeouts;
  const Clock& clock;
  std::function<std::vector<Ip>()> own_addresses;
  unsigned process;  ///< this one's id
  std::function<Connection(const Endpoint&, const std::optional<Ip>& source, int timeout_seconds)> connect =
      connect_to;
  dns::Random random = random_number;
  Securer securer = {};
};

/// Sends `mail` to `host`, a domain or an address in brackets. Returns all that qmail-remote prints.
/// A connection in `kept` that leads to the same server is used again, if the features have nothing against
/// it; `kept` is then the one the message took, where control/keepremote wants that. Throws Failure if the
/// system is short of something.
std::string deliver(const std::string& host, const Mail& mail, const Settings& settings,
                    const smtpc::Features& features, const World& world, std::unique_ptr<Partner>& kept);

}  // namespace qmail::remote
