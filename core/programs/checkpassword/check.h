// Whose password it is, by the means of the system. checkpassword(8).
#pragma once
#include <optional>
#include <string>

#include "core/accounts/checker.h"
#include "core/accounts/claim.h"
#include "core/base/program.h"

namespace qmail {

/// The user whose name and password were given; none if they are not a user's, or the user may not log in.
/// Throws Failure if that cannot be known now.
std::optional<accounts::Account> check_system_password(const accounts::ClaimParts& claim,
                                                       const Process& self);

/// The name of the user who has this password and may log in: mostly `claim.login`. In pam/ and in shadow/,
/// one of which is compiled. Why somebody with the right password may not is told to standard error.
std::optional<std::string> prove(const accounts::ClaimParts& claim, const Process& self);

/// For prove(): the password was right.
void tell_why_not(const Process& self, const std::string& name, const std::string& why);

}  // namespace qmail
