// Whose a login of /etc/poppasswd is. checklocalpwd(8), poppasswd(5).
#pragma once
#include <optional>
#include <string>

#include "core/accounts/checker.h"

namespace qmail {

/// Takes "-f FILE" off the front of the arguments: the file to read, /etc/poppasswd without it. Throws
/// UsageError.
std::string take_poppasswd_option(Process& self);

/// None if the file has no such login, or the password is another. Throws Failure if the line of the login
/// cannot be used, or names a system user who is not there or is root.
std::optional<accounts::Account> find_local_account(const std::string& file,
                                                    const accounts::ClaimParts& claim);

}  // namespace qmail
