// Who says whether a claim is true: qmail-authd, or a checker that the session runs itself.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/accounts/claim.h"
#include "core/accounts/verdict.h"
#include "core/smtp/server_hook.h"

namespace qmail::smtp_auth {

class Prover {
 public:
  /// `checker`: as the arguments name it, or empty. `configured`: control/checkpassword, for which
  /// qmail-authd is asked where it is there. All of it outlives this object.
  Prover(const smtpd::Circumstances& circumstances, const std::vector<std::string>& checker,
         const std::optional<std::vector<std::string>>& configured);

  /// qmail-authd is there and runs this checker. It delays those who have failed.
  bool asks_authd() const;
  bool can_check() const { return !checker_.empty() || asks_authd(); }
  bool can_tell_salts() const;
  /// The claim's bytes are forgotten.
  accounts::Finding check(const accounts::ClaimParts& parts) const;
  /// How the password of this login was salted.
  std::optional<accounts::Salting> salting_of(std::string_view login) const;

 private:
  std::optional<accounts::AuthAnswer> ask(const accounts::Claim& claim, bool about_salt) const;
  accounts::Finding run(accounts::Claim& claim) const;

  const smtpd::Circumstances& circumstances_;
  const std::vector<std::string>& checker_;
  const std::optional<std::vector<std::string>>& configured_;
};

}  // namespace qmail::smtp_auth
