// Somebody who has a login for mail, in whichever store: /etc/poppasswd or the virtual users of a domain
// owner.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "core/accounts/scram_keys.h"

namespace qmail::accounts {

struct MailUser {
  std::string login = {};
  std::string hash = {};  ///< crypt(5); what no password matches locks the account
  std::string user = {};  ///< the system user whose mailbox it is
  std::string home = {};  ///< absolute
  std::optional<std::string> secret =
      std::nullopt;  ///< the password itself, only where APOP or CRAM-MD5 is wanted
  std::optional<ScramKeys> scram =
      std::nullopt;  ///< of a virtual user whose password is not too old for them
  bool operator==(const MailUser&) const = default;
};

/// What no line of a store may hold.
bool has_control_character(std::string_view text);

/// Why a login cannot be used, or empty. One that can fits into every store: it has no ':', blank, control
/// character or '/', is not empty, does not start with '#', '.' or '-', and has 255 bytes at most.
std::string_view problem_of_login(std::string_view login);

}  // namespace qmail::accounts
