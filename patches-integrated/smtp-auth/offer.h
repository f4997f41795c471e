// What is offered to clients, and whether they have to take it: SMTPAUTH, or control/smtpauth. README.md.
#pragma once
#include <optional>
#include <string_view>

namespace qmail::smtp_auth {

struct Offer {
  bool plain = false;        ///< PLAIN and LOGIN
  bool cram_md5 = false;     ///< CRAM-MD5
  bool scram = false;        ///< SCRAM-SHA-256
  bool is_required = false;  ///< no mail without a login
  bool operator==(const Offer&) const = default;
};

/// "-": nothing. Otherwise "!" (a login is required), if at all, and then words: none (PLAIN and LOGIN),
/// "cram", "scram", or both, "cram+scram"; a "+" in front of them means beside PLAIN and LOGIN. None if it is
/// something else.
std::optional<Offer> parse_offer(std::string_view text);

}  // namespace qmail::smtp_auth
