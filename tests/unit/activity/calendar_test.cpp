#include "core/log/activity/calendar.h"

#include <cstdlib>
#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"

namespace qmail::activity {
namespace {

// 2026-11-21 09:05:07 UTC
constexpr std::int64_t now = 1795251907;
constexpr std::int64_t hour = 3600;
constexpr std::int64_t day = 24 * hour;

class CalendarTest : public testing::Test {
 protected:
  CalendarTest() { ::setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1); }
  test::FakeClock clock{now};
};

TEST_F(CalendarTest, TakesADateForTheLastSuchOne) {
  SystemCalendar calendar(clock);
  EXPECT_EQ(calendar.seconds({.month = 11, .day = 21, .hour = 10, .minute = 5, .second = 7}), now);
  EXPECT_EQ(calendar.seconds({.month = 11, .day = 20, .hour = 10, .minute = 5, .second = 6}), now - day - 1);
  EXPECT_EQ(calendar.seconds({.month = 11, .day = 23, .hour = 10, .minute = 5, .second = 7}),
            now - 363 * day);
  EXPECT_EQ(calendar.seconds({.month = 12, .day = 31, .hour = 23}), 1767222000 - hour);
}

TEST_F(CalendarTest, BelievesClocksThatAreADayAhead) {
  SystemCalendar calendar(clock);
  EXPECT_EQ(calendar.seconds({.month = 11, .day = 22, .hour = 9, .minute = 5, .second = 7}), now + 23 * hour);
  clock.set({1798761599, 0});  // 2026-12-31 23:59:59 UTC, where it is next year already
  SystemCalendar at_new_year(clock);
  EXPECT_EQ(at_new_year.seconds({.month = 1, .day = 1, .hour = 1}), 1798761600);
}

TEST_F(CalendarTest, KnowsSummerTime) {
  SystemCalendar calendar(clock);
  EXPECT_EQ(calendar.seconds({.year = 2026, .month = 7, .day = 1, .hour = 2}), 1782864000);
  EXPECT_EQ(calendar.seconds({.year = 2026, .month = 12, .day = 1, .hour = 1}), 1796083200);
}

TEST_F(CalendarTest, FindsTheLastLeapDay) {
  SystemCalendar calendar(clock);
  EXPECT_EQ(calendar.seconds({.month = 2, .day = 29, .hour = 1}), 1709164800);
  EXPECT_EQ(calendar.seconds({.month = 2, .day = 30, .hour = 1}), -1);
  EXPECT_EQ(calendar.seconds({.month = 2, .day = 30, .hour = 1, .minute = 5}), -1);
}

}  // namespace
}  // namespace qmail::activity
