// Who is logged in where: utmp(5).
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace qmail {

/// The names below /dev of the terminals at which `user` is logged in, as the file `utmp` has them; those
/// that could be somewhere else are left out. None if the file cannot be read.
std::vector<std::string> terminals_of(std::string_view user, const std::string& utmp);

}  // namespace qmail
