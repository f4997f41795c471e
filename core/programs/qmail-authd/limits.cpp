#include "core/programs/qmail-authd/limits.h"

#include <algorithm>
#include <limits>

namespace qmail::authd {

std::string account_of(std::string_view login) {
  constexpr std::size_t enough = 64;
  return std::string(login.substr(0, enough));
}

Failures::Penalty Failures::add(const Ip& address, const std::string& account) {
  const unsigned failures = std::max(count(addresses_, address), count(accounts_, account));
  const unsigned doublings = std::min(failures - 1, unsigned{std::numeric_limits<unsigned>::digits - 1});
  return {failures, std::min(1U << doublings, longest_delay)};
}

template <typename Key>
unsigned Failures::count(RecentMap<Key, Record>& records, const Key& key) const {
  const std::int64_t now = clock_.now();
  const Record* const known = records.find(key);
  const bool is_fresh = known != nullptr && now - known->last <= remembered_seconds;
  const unsigned failures = is_fresh ? known->failures + 1 : 1;
  records.put(key, {failures, now});
  return failures;
}

}  // namespace qmail::authd
