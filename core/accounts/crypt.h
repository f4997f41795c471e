// Passwords as libcrypt keeps them: crypt(5). Whoever links this links libcrypt.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace qmail::accounts {

/// False for what no password can match: nothing, and what starts with '*' or '!' (a locked account,
/// "!none!").
bool can_match(std::string_view hash);

/// True if `hash` was made from `password`, by any method that libcrypt knows. Without a hash, or with one
/// that nothing matches, it takes the time all the same, so that a stranger does not learn which accounts
/// there are.
bool is_password(std::string_view password, const std::optional<std::string_view>& hash);

/// A new hash, by yescrypt. Throws Failure: for a password that is empty, too long or has a NUL, for
/// instance.
std::string hash_password(std::string_view password);

}  // namespace qmail::accounts
