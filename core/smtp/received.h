// The Received field that each server puts before a message it accepts. qmail-smtpd(8), RFC 5321 section 4.4.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/environment.h"

namespace qmail {

/// The two ends of a connection, as they appear in a Received field.
struct Trace {
  std::string local = "unknown";  ///< this host's name, or else its address
  std::string remote_ip = "unknown";
  std::string remote_host = "unknown";
  std::optional<std::string> remote_info;
  std::optional<std::string> secured_by;  ///< the protocol of TLS and the cipher
  /// From the variables of tcp-environ(5) and tls-environ(5); an empty variable counts as it stands.
  static Trace from(const Environment& environment);
};

/// Both lines of the field. `helo` is what the client calls itself; it is left out where that is the name it
/// was found to have. What the client chose is made safe: anything odd in it becomes '?'.
std::string received_field(const Trace& trace, std::string_view helo, std::string_view protocol,
                           std::int64_t now);

}  // namespace qmail
