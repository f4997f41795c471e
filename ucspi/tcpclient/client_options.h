// The command line of tcpclient(1).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/format/ip.h"
#include "ucspi/lib/family.h"
#include "ucspi/lib/verbosity.h"

namespace qmail::ucspi {

/// How long to try each address, in seconds: `first`, and `second` once more if that was too short. With one
/// address it gets both at once.
struct Patience {
  std::uint64_t first = 2;
  std::uint64_t second = 58;
  bool operator==(const Patience&) const = default;
};

/// "x+y" or "x", the whole of `text`: none if it is not.
std::optional<Patience> parse_patience(std::string_view text);

struct ClientOptions {
  Verbosity verbosity = Verbosity::errors;               // -q -Q -v
  Family family = Family::any;                           // -4 -6; that of -i, if there is one
  bool no_delay = false;                                 // -D -d
  bool find_remote_host = true;                          // -h -H
  bool ask_remote_info = true;                           // -r -R
  unsigned info_seconds = 26;                            // -t
  Patience patience = {};                                // -T
  std::optional<Ip> local_ip = std::nullopt;             // -i
  std::uint16_t local_port = 0;                          // -p
  std::optional<std::string> local_host = std::nullopt;  // -l; none: from the DNS
  std::string host = "";
  std::string port = "";
  std::vector<std::string> program = {};  ///< empty: too few arguments

  /// Throws UsageError if an option makes no sense.
  static ClientOptions parse(const std::vector<std::string>& args);
};

}  // namespace qmail::ucspi
