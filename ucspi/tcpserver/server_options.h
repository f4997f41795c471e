// The command line of tcpserver(1).
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

#include "core/base/environment.h"
#include "ucspi/lib/verbosity.h"

namespace qmail::ucspi {

struct ServerOptions {
  Verbosity verbosity = Verbosity::errors;               // -q -Q -v
  std::size_t limit = 40;                                // -c
  int backlog = 20;                                      // -b
  std::optional<uid_t> uid = std::nullopt;               // -u -U
  std::optional<gid_t> gid = std::nullopt;               // -g -U
  bool print_port = false;                               // -1
  bool keep_ip_options = false;                          // -o -O
  bool no_delay = false;                                 // -D -d
  std::string banner = "";                               // -B
  std::optional<std::string> rules = std::nullopt;       // -x
  bool allow_without_rules = false;                      // -X
  std::optional<std::string> local_host = std::nullopt;  // -l; none: from the DNS
  bool find_remote_host = true;                          // -h -H
  bool paranoid = false;                                 // -p -P
  bool ask_remote_info = true;                           // -r -R
  unsigned info_seconds = 26;                            // -t
  std::string host = "";
  std::string port = "";
  std::vector<std::string> program = {};

  /// Throws UsageError. UID and GID of `environment` are what -U asks for.
  static ServerOptions parse(const std::vector<std::string>& args, const Environment& environment);

  /// True if nothing has to be waited for between accepting a connection and running the program.
  bool is_immediate() const { return !find_remote_host && !ask_remote_info && local_host && banner.empty(); }
};

}  // namespace qmail::ucspi
