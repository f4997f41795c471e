// Users of the system, as logins. Needs the system's user database, so a program that links this is no static
// one.
#pragma once
#include <optional>
#include <string>

#include "core/accounts/checker.h"

namespace qmail::accounts {

/// The user with exactly this name; none if there is none. Throws Failure if that cannot be found out now.
std::optional<Account> find_system_account(const std::string& name);

}  // namespace qmail::accounts
