// control/tlspolicy: what is wanted of a connection before mail goes over it, for each destination.
// README.md.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/format/tls_packets.h"

namespace qmail::features::starttls_client {

/// From the weakest to the strongest.
enum class Kind {
  none,         ///< no TLS
  may,          ///< TLS if the server has it; if that fails, without
  encrypt,      ///< TLS, with whomever
  verify,       ///< TLS, with the server by that name
  fingerprint,  ///< TLS, with a certificate that is known
};

struct Policy {
  Kind kind = Kind::may;
  std::string argument = {};  ///< of verify: the name, if it is not the exchanger's; of fingerprint: SHA-256
  bool operator==(const Policy&) const = default;
};

/// The whole of a line's right side: "may", "verify:mx.example", "fingerprint:HEX,HEX". None if it is nothing
/// of that.
std::optional<Policy> parse_policy(std::string_view text);
/// The same text.
std::string text_of(const Policy& policy);
/// What is to be asked of the TLS process for a server that is called `server`.
tls::Request request_for(const Policy& policy, const std::string& server);

/// What a whole line says of its host; none if it makes no sense.
std::optional<Policy> policy_of(std::string_view line);

/// A line that makes no sense, as it stands in the file.
struct BadLine {
  std::string text;
};

class Policies {
 public:
  using Found = std::variant<Policy, BadLine>;
  /// Of two lines for one host the later counts. A host in brackets is an address.
  static Policies of(const std::vector<std::string>& lines);
  /// By the suffix rule of smtproutes; TLS as the server has it where no line matches.
  Found find(std::string_view host) const;

 private:
  std::map<std::string, Found, std::less<>> by_host_;
};

}  // namespace qmail::features::starttls_client
