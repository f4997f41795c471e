// One connection, from accept to the program that serves it.
#pragma once
#include <optional>
#include <string>
#include <sys/types.h>

#include "core/base/clock.h"
#include "core/base/environment.h"
#include "core/base/fd.h"
#include "core/dns/resolver.h"
#include "core/format/socket_address.h"
#include "core/format/ucspi.h"
#include "ucspi/tcpserver/announcer.h"
#include "ucspi/tcpserver/residents.h"
#include "ucspi/tcpserver/rules_file.h"
#include "ucspi/tcpserver/server_options.h"

namespace qmail::ucspi {

/// What serving one connection needs of the server. All of it outlives the visit.
struct House {
  const ServerOptions& options;
  const Environment& environment;
  const Clock& clock;
  Announcer& announcer;
  RulesFile& rules;
  const Fd& nothing;  ///< /dev/null, which stands in for 0 and 1 between two connections
  std::uint16_t port;
};

class Visit {
 public:
  Visit(const House& house, Fd socket, const Endpoint& remote)
      : house_(house), socket_(std::move(socket)), remote_(remote) {}

  /// In a process of its own: looks up what the options ask for, and becomes the program. Exits with 100 if
  /// the rules deny it. Throws Failure.
  [[noreturn]] void serve_here();

  /// The same from the server itself, if nothing has to be waited for and the rules allow it: by a resident,
  /// or else by a program in a child. Its pid; None: try serve_here() in a child.
  std::optional<pid_t> serve(Residents& residents);

 private:
  std::optional<pid_t> serve_in_child();
  void set_socket_options() const;
  void greet() const;
  void describe_ends(const Endpoint& local);
  void look_up(const Endpoint& local);
  void find_remote_host(dns::Resolver& resolver);
  bool apply_rules();

  const House& house_;
  Fd socket_;
  Endpoint remote_;
  Peer peer_;
  Environment environment_;
};

}  // namespace qmail::ucspi
