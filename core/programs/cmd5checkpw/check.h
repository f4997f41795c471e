// Whether somebody knows the password that /etc/poppasswd has for a login. cmd5checkpw(8).
#pragma once
#include <optional>
#include <string_view>

#include "core/accounts/checker.h"
#include "core/accounts/claim.h"
#include "core/base/program.h"

namespace qmail {

/// True if the claim shows that `secret` is known: the password itself, or a response to a challenge,
/// whichever of the two comes first. Each takes part in the digest, so who can choose one of them gains
/// nothing.
bool is_proof(const accounts::ClaimParts& claim, std::string_view secret);

/// Whoever the login is for this system, if the claim is true. Throws Failure if that cannot be known, or the
/// file is not kept as it must be.
std::optional<accounts::Account> check_response(const accounts::ClaimParts& claim, const Process& self);

}  // namespace qmail
