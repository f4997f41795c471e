#include "core/programs/checkpassword/check.h"

#include "core/accounts/system_account.h"
#include "core/base/io.h"
#include "core/log/events.h"

namespace qmail {

std::optional<accounts::Account> check_system_password(const accounts::ClaimParts& claim,
                                                       const Process& self) {
  // An account without a password is for those who are here already.
  if (claim.login.empty() || claim.password.empty()) return std::nullopt;
  const auto name = prove(claim, self);
  return name ? accounts::find_system_account(*name) : std::nullopt;
}

void tell_why_not(const Process& self, const std::string& name, const std::string& why) {
  // Nobody is left to tell if standard error is gone.
  static_cast<void>(Writer(self.err)
                        .put(self.name)
                        .put(": refused: ")
                        .put(log::safe(name))
                        .put(": ")
                        .put(why)
                        .put("\n")
                        .flush());
}

}  // namespace qmail
