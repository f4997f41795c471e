// Lines of passwd(5), as qmail-pw2u reads them.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace qmail::pw2u {

/// Views point into the line. The numbers stay as they are written: that is how they go into users/assign.
struct Account {
  std::string_view user;
  std::string_view uid_text;
  std::string_view gid_text;
  std::string_view home;
  std::uint64_t uid;  ///< what `uid_text` starts with; 0 without a digit
};

/// None if the line has fewer than six colons, a NUL, or a uid that does not fit.
std::optional<Account> parse_account(std::string_view line);

}  // namespace qmail::pw2u
