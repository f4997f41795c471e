// One connection, from accept to the program that serves it.
#pragma once
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

#include "core/base/environment.h"
#include "core/base/fd.h"
#include "core/format/socket_address.h"
#include "core/format/ucspi.h"
#include "ucspi/lib/limits.h"
#include "ucspi/tcpserver/announcer.h"
#include "ucspi/tcpserver/look_up.h"
#include "ucspi/tcpserver/name_cache.h"
#include "ucspi/tcpserver/residents.h"
#include "ucspi/tcpserver/rules_file.h"
#include "ucspi/tcpserver/server_options.h"

namespace qmail::ucspi {

/// What serving connections needs of the server. All of it outlives the visits.
struct House {
  const ServerOptions& options;
  const Environment& environment;
  Announcer& announcer;
  RulesFile& rules;
  NameCache& names;
  const Fd& nothing;  ///< /dev/null, which stands in for 0 and 1 between two connections
};

class Visit {
 public:
  Visit(const House& house, Fd socket, const Endpoint& remote)
      : house_(house), socket_(std::move(socket)), remote_(remote) {}

  int fd() const { return socket_.get(); }
  const Ip& client() const { return remote_.ip; }

  /// True if the connection comes from a proxy, whose client is not known before its header is taken.
  bool awaits_header() const { return house_.options.proxies.contains(remote_.ip); }
  enum class Header { more, taken, refused };
  /// Takes what has come of the header, and nothing of what follows it; from then on the client is the
  /// proxy's.
  Header take_header();
  /// Tells that the proxy's connection is dropped, and why.
  void warn_of_header(const std::string& why) const;

  /// Finds out this end's address. Then sets the socket up and writes the banner. False, told, if the client
  /// is gone.
  bool greet();
  /// What is not known and has to be asked for.
  Questions questions();
  /// An answer, which is kept for others too.
  void learn(const Finding& finding);

  /// Follows the rules. The limit, of those that they or the environment set, that this connection exceeds;
  /// `counts` has it in it.
  std::optional<Limit> judge(const ConnectionCounts& counts);
  /// Sends the client away and tells which limit it has met.
  void refuse(const Limit& limit);

  /// If the rules allow it: by a resident, or else by a program in a child. Its pid. None: serve_here() in a
  /// child tells why not.
  std::optional<pid_t> serve(Residents& residents);
  /// In a process of its own: becomes the program. Exits with 100 if the rules deny it. Throws Failure.
  [[noreturn]] void serve_here();

 private:
  std::optional<pid_t> serve_in_child();
  void set_socket_options() const;
  bool describe_ends();
  void apply_rules();
  std::string refusal() const;

  const House& house_;
  Fd socket_;
  Endpoint remote_;
  std::optional<Endpoint> local_ = std::nullopt;  ///< none before it is asked for
  std::string header_ = "";
  Peer peer_ = {};
  Environment environment_ = {};
  int rules_error_ = 0;
  bool denied_ = false;
};

}  // namespace qmail::ucspi
