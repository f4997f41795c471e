#include "core/base/clock.h"

#include <time.h>

namespace qmail {

Moment SystemClock::moment() const {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return {now.tv_sec, static_cast<std::int32_t>(now.tv_nsec / 1000)};
}

}  // namespace qmail
