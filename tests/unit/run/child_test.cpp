#include "core/programs/qmail-run/child.h"

#include <gtest/gtest.h>

namespace qmail {
namespace {

Child child_that(bool can_start) {
  return {"it", [can_start]() -> std::optional<pid_t> {
            if (can_start) return 7;
            return std::nullopt;
          }};
}

TEST(Child, IsDueAtOnceAndNotWhileItRuns) {
  Child child = child_that(true);
  EXPECT_EQ(child.due_in(1000), 0);
  child.start(1000);
  EXPECT_EQ(child.pid(), 7);
  EXPECT_EQ(child.due_in(1000), std::nullopt);
}

TEST(Child, WaitsTwiceAsLongAfterEachShortLifeUpToAMinute) {
  Child child = child_that(false);
  std::int64_t now = 1000;
  for (const std::int64_t wait : {1, 2, 4, 8, 16, 32, 60, 60}) {
    child.start(now);
    EXPECT_EQ(child.due_in(now), wait);
    now += wait;
  }
}

TEST(Child, WaitsASecondAgainAfterALongLife) {
  Child child = child_that(true);
  child.start(1000);
  child.ended(1001);
  child.start(1002);
  child.ended(1003);
  child.start(1005);
  child.ended(1065);
  EXPECT_EQ(child.due_in(1065), 1);
}

TEST(Child, AClockSetBackDoesNotKeepItWaiting) {
  Child child = child_that(true);
  child.start(1000000);
  child.ended(1000001);
  EXPECT_EQ(child.due_in(5), 1);
}

TEST(Child, CanBeHurried) {
  Child child = child_that(false);
  child.start(1000);
  child.start(1001);
  child.hurry();
  EXPECT_EQ(child.due_in(1001), 0);
}

}  // namespace
}  // namespace qmail
