// How long an account and its password may be used. shadow(5).
#pragma once
#include <cstdint>

namespace qmail::accounts {

/// Days, as shadow(5) has them; -1: no limit.
struct Aging {
  std::int64_t changed = -1;  ///< the day of the last change of the password; 0: it must be changed
  std::int64_t longest = -1;  ///< days after which it must be changed again
  std::int64_t expires = -1;  ///< the first day on which the account is gone
};

/// True if nobody may log in on `today`, days since 1970, before something is done about it.
bool is_expired(const Aging& aging, std::int64_t today);

}  // namespace qmail::accounts
