#include "ucspi/tcpserver/timeouts.h"

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"

namespace qmail::ucspi {
namespace {

TEST(Timeouts, AreDueInTheirOrder) {
  test::FakeClock clock(100);
  Timeouts timeouts(clock);
  EXPECT_EQ(timeouts.milliseconds_left(), -1);
  EXPECT_TRUE(timeouts.take_due().empty());
  timeouts.set(7, 3000);
  timeouts.set(8, 1000);
  timeouts.set(9, 2000);
  timeouts.set(7, 500);
  timeouts.cancel(8);
  timeouts.cancel(99);
  EXPECT_EQ(timeouts.milliseconds_left(), 501);
  clock.advance(1);
  EXPECT_EQ(timeouts.take_due(), std::vector<int>{7});
  EXPECT_EQ(timeouts.milliseconds_left(), 1001);
  clock.advance(5);
  EXPECT_EQ(timeouts.milliseconds_left(), 0);
  EXPECT_EQ(timeouts.take_due(), std::vector<int>{9});
  EXPECT_EQ(timeouts.milliseconds_left(), -1);
}

}  // namespace
}  // namespace qmail::ucspi
