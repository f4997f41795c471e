// What the end of a checker means.
#pragma once
#include <string>
#include <string_view>

#include "core/accounts/auth_packets.h"
#include "core/base/environment.h"

namespace qmail::accounts {

struct Finding {
  AuthAnswer answer;
  std::string trouble = {};  ///< why it is "later", to be put behind the checker's name
};

/// `status`: as waitpid(2) gives it; `report`: what it has written to its standard output; `given`: the
/// variables it was started with, of which only those that it has changed are told.
Finding judge(int status, std::string_view report, const Environment& given);

/// Behind it, checkvida(8) tells how a password was salted, and runs nothing.
inline constexpr const char* salt_option = "--salt";
/// The same for that: a "salt", a "no" where there are no keys, or a "later".
Finding judge_salt(int status, std::string_view report);

}  // namespace qmail::accounts
