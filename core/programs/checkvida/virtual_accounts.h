// Whose a login is among the virtual users of domain owners. checkvida(8), vida(5).
#pragma once
#include <optional>

#include "core/accounts/checker.h"
#include "core/control/control.h"

namespace qmail {

/// None if there is no such virtual user, or the password is another. The process has become the domain owner
/// by then, unless there is none. Throws Failure if that cannot be known now.
/// Whoever has proved it by SCRAM is answered in a variable: core/accounts/scram_keys.h.
std::optional<accounts::Account> find_virtual_account(const accounts::ClaimParts& claim,
                                                      Environment& environment, const Control& control);

/// For who asks about a login on descriptor 3: writes how the password was salted, to standard output.
/// Returns 1 if there is no such virtual user, he is locked, or has no keys for SCRAM. Nothing is proved, and
/// nothing run.
int tell_salting(Process& self, const Control& control);

}  // namespace qmail
