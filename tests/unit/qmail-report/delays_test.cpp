#include "core/programs/qmail-report/delays.h"

#include <gtest/gtest.h>

namespace qmail::report {
namespace {

constexpr std::int64_t microsecond = 1000, second = 1'000'000'000;

TEST(Delays, TellsPercentagesWithinASixtyFourth) {
  Delays delays;
  constexpr int count = 1000;
  for (int i = 1; i <= count; ++i) delays.add(i * second / 10);
  for (const double percent : {1.0, 10.0, 50.0, 90.0, 95.0, 99.0, 99.9}) {
    const double exact = percent / 100 * count / 10;
    EXPECT_GE(delays.seconds_within(percent), exact) << percent;
    EXPECT_LE(delays.seconds_within(percent), exact * (1 + 1.0 / 64) + 1e-6) << percent;
  }
  EXPECT_EQ(delays.seconds_within(100), 100);
  EXPECT_EQ(delays.slowest_seconds(), 100);
}

TEST(Delays, KeepsToThatFromMicrosecondsToWeeks) {
  for (std::int64_t time = 1; time < 4'000'000'000'000; time = time * 5 / 4 + 1) {
    Delays delays;
    delays.add(time * microsecond);
    delays.add(4'100'000'000'000 * microsecond);
    const double exact = static_cast<double>(time) * 1e-6;
    EXPECT_GE(delays.seconds_within(50), exact);
    EXPECT_LE(delays.seconds_within(50), exact * (1 + 1.0 / 64) + 1e-6);
  }
}

TEST(Delays, PutsABarsLimitIntoThatBar) {
  Delays delays;
  delays.add(second / 10);
  delays.add(second / 10 + microsecond);
  delays.add(86400 * second);
  delays.add(86400 * second + microsecond);
  EXPECT_EQ(delays.counts()[0], 1U);
  EXPECT_EQ(delays.counts()[1], 1U);
  EXPECT_EQ(delays.counts()[12], 1U);
  EXPECT_EQ(delays.counts()[13], 1U);
}

TEST(Delays, StandsClocksThatWereSetBackAndTimesWithoutEnd) {
  Delays delays;
  delays.add(-second);
  EXPECT_EQ(delays.seconds_within(50), 0);
  delays.add(INT64_MAX);
  EXPECT_EQ(delays.count(), 2U);
  EXPECT_GT(delays.seconds_within(100), 1e6);
}

TEST(Delays, KnowsNothingOfNoDeliveries) { EXPECT_EQ(Delays().seconds_within(99), 0); }

}  // namespace
}  // namespace qmail::report
