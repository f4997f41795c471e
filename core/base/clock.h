// Time. No other file asks the system what time it is; tests pass a FakeClock.
#pragma once
#include <cstdint>

namespace qmail {

/// A moment, as seconds since 1970 UTC and the microseconds beyond them.
struct Moment {
  std::int64_t seconds = 0;
  std::int32_t microseconds = 0;
};

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Moment moment() const = 0;
  std::int64_t now() const { return moment().seconds; }
};

class SystemClock final : public Clock {
 public:
  Moment moment() const override;
};

/// Moments of a clock that nobody sets: of no use but to tell how long something took.
class SteadyClock final : public Clock {
 public:
  Moment moment() const override;
};

}  // namespace qmail
