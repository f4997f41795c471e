#include "core/base/deadline.h"

#include <gtest/gtest.h>
#include <limits>

#include "tests/support/fake_clock.h"

namespace qmail {
namespace {

TEST(Deadline, CountsDownToNothing) {
  test::FakeClock clock(100);
  const Deadline deadline(clock, 10);
  EXPECT_EQ(deadline.milliseconds_left(), 10'000);
  clock.set({103, 500'000});
  EXPECT_EQ(deadline.milliseconds_left(), 6'500);
  clock.set({111, 0});
  EXPECT_EQ(deadline.milliseconds_left(), 0);
}

TEST(Deadline, CanBeShorterThanASecond) {
  test::FakeClock clock(100);
  const Deadline deadline(clock, std::chrono::milliseconds(250));
  clock.set({100, 200'000});
  EXPECT_EQ(deadline.milliseconds_left(), 50);
}

TEST(Deadline, IsNoLongerThanItWasWhenTheClockIsSetBack) {
  test::FakeClock clock(100);
  const Deadline deadline(clock, 10);
  clock.set({50, 0});
  EXPECT_EQ(deadline.milliseconds_left(), 10'000);
}

TEST(Deadline, NeverPassesWhatPollCanCount) {
  const test::FakeClock clock(100);
  EXPECT_EQ(Deadline(clock, std::numeric_limits<unsigned>::max()).milliseconds_left(),
            std::numeric_limits<int>::max());
}

}  // namespace
}  // namespace qmail
