// What the end of a checker means.
#pragma once
#include <string>
#include <string_view>

#include "core/accounts/auth_packets.h"
#include "core/base/environment.h"

namespace qmail::authd {

struct Finding {
  accounts::AuthAnswer answer;
  std::string trouble = {};  ///< why it is "later", to be put behind the checker's name
};

/// `status`: as waitpid(2) gives it; `report`: what it has written to its standard output; `given`: the
/// variables it was started with, of which only those that it has changed are told.
Finding judge(int status, std::string_view report, const Environment& given);

}  // namespace qmail::authd
