#include "core/base/clock.h"

#include <time.h>

namespace qmail {
namespace {

Moment moment_of(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return {now.tv_sec, static_cast<std::int32_t>(now.tv_nsec / 1000)};
}

}  // namespace

Moment SystemClock::moment() const { return moment_of(CLOCK_REALTIME); }
Moment SteadyClock::moment() const { return moment_of(CLOCK_MONOTONIC); }

}  // namespace qmail
