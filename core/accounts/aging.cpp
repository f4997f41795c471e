#include "core/accounts/aging.h"

namespace qmail::accounts {

bool is_expired(const Aging& aging, std::int64_t today) {
  if (aging.expires >= 0 && today >= aging.expires) return true;
  if (aging.changed == 0) return true;
  return aging.changed > 0 && aging.longest >= 0 && today - aging.changed > aging.longest;
}

}  // namespace qmail::accounts
