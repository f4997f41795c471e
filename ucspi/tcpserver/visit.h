// One connection, from accept to the program that serves it.
#pragma once
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <sys/types.h>
#include <vector>

#include "core/base/environment.h"
#include "core/base/fd.h"
#include "core/base/resident.h"
#include "core/format/socket_address.h"
#include "core/format/ucspi.h"
#include "ucspi/lib/limits.h"
#include "ucspi/lib/onward.h"
#include "ucspi/tcpserver/announcer.h"
#include "ucspi/tcpserver/file_limit.h"
#include "ucspi/tcpserver/look_up.h"
#include "ucspi/tcpserver/name_cache.h"
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
  const FileLimit& files;
};

class Visit {
 public:
  Visit(const House& house, Fd socket, const Endpoint& remote)
      : house_(house), socket_(std::move(socket)), fds_{socket_.get(), socket_.get(), 2}, remote_(remote) {}

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

  /// True if the rules could be read and allow it. Otherwise serve_here() in a child tells why not.
  bool is_allowed() const { return rules_error_ == 0 && !denied_; }
  /// What is left of the command line: its first word is the program that comes next.
  std::span<const std::string> command() const;
  /// What is to be run. Valid while this object stays as it is.
  resident::Job job() const;
  /// True if whoever comes next would find a program where this process finds it: rules may set PATH.
  bool has_usual_path() const;
  /// What is to be run, for a program that is asked and does not get the client.
  resident::Job question() const;
  /// Takes its answer. False, and nothing is changed, if it makes no sense.
  bool go_on(const Onward& onward);
  /// Tells who serves it.
  void announce(pid_t pid) const;
  /// Tells that it could not be run.
  void warn_of_program(int error) const;
  /// In a process of its own: becomes the program. Exits with 100 if the rules deny it. Throws Failure.
  [[noreturn]] void serve_here();

 private:
  void set_socket_options() const;
  bool describe_ends();
  void apply_rules();
  std::string refusal() const;

  const House& house_;
  Fd socket_;
  std::array<int, 3> fds_;  ///< the program's 0, 1 and 2
  Endpoint remote_;
  std::optional<Endpoint> local_ = std::nullopt;  ///< none before it is asked for
  std::string header_ = "";
  Peer peer_ = {};
  Environment environment_ = {};
  std::size_t first_ = 0;  ///< of the command line, what comes before it has let the client through
  int rules_error_ = 0;
  bool denied_ = false;
};

}  // namespace qmail::ucspi
