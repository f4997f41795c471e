// Whose a login is among the virtual users of domain owners. checkvida(8), vida(5).
#pragma once
#include <optional>

#include "core/accounts/checker.h"
#include "core/control/control.h"

namespace qmail {

/// None if there is no such virtual user, or the password is another. The process has become the domain owner
/// by then, unless there is none. Throws Failure if that cannot be known now.
std::optional<accounts::Account> find_virtual_account(const accounts::ClaimParts& claim,
                                                      const Environment& environment, const Control& control);

}  // namespace qmail
