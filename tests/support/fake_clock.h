// A clock that shows what the test says.
#pragma once
#include "core/base/clock.h"

namespace qmail::test {

class FakeClock final : public Clock {
 public:
  explicit FakeClock(std::int64_t seconds = 0) : moment_{seconds, 0} {}
  Moment moment() const override { return moment_; }
  void set(const Moment& moment) { moment_ = moment; }
  void advance(std::int64_t seconds) { moment_.seconds += seconds; }

 private:
  Moment moment_;
};

}  // namespace qmail::test
