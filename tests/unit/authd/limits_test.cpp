#include "core/programs/qmail-authd/limits.h"

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"

namespace qmail::authd {
namespace {

Ip ip(const char* text) { return *Ip::parse(text); }

TEST(Crowd, IsNoLargerThanItsLimit) {
  Crowd<std::string> crowd(2);
  auto one = crowd.enter("joe");
  auto two = crowd.enter("joe");
  EXPECT_TRUE(one && two);
  EXPECT_FALSE(crowd.enter("joe"));
  EXPECT_TRUE(crowd.enter("ann"));
  one.reset();
  auto three = crowd.enter("joe");
  EXPECT_TRUE(three);
  EXPECT_FALSE(crowd.enter("joe"));
  // Who moves stays one.
  one = std::move(three);
  three.reset();
  EXPECT_FALSE(crowd.enter("joe"));
}

class FailuresTest : public testing::Test {
 protected:
  unsigned seconds(const char* address, const std::string& account) {
    return failures_.add(ip(address), account).seconds;
  }

  test::FakeClock clock_{1000};
  Failures failures_{clock_};
};

TEST_F(FailuresTest, AreToldLaterEachTime) {
  for (const unsigned expected : {1U, 2U, 4U, 8U, 16U, 16U}) EXPECT_EQ(seconds("192.0.2.1", "joe"), expected);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(seconds("192.0.2.1", "joe"), 16U);
}

TEST_F(FailuresTest, CountForTheAddressAndForTheAccount) {
  EXPECT_EQ(seconds("192.0.2.1", "joe"), 1U);
  EXPECT_EQ(seconds("192.0.2.1", "ann"), 2U);
  EXPECT_EQ(seconds("192.0.2.2", "ann"), 2U);
  EXPECT_EQ(seconds("192.0.2.3", "sue"), 1U);
}

TEST_F(FailuresTest, AreForgottenAfterAWhile) {
  EXPECT_EQ(seconds("192.0.2.1", "joe"), 1U);
  clock_.advance(Failures::remembered_seconds);
  EXPECT_EQ(seconds("192.0.2.1", "joe"), 2U);
  clock_.advance(Failures::remembered_seconds + 1);
  EXPECT_EQ(seconds("192.0.2.1", "joe"), 1U);
}

TEST_F(FailuresTest, OfStrangersDoNotGrow) {
  for (std::size_t i = 0; i < 3 * Failures::most_remembered; ++i) seconds("192.0.2.1", std::to_string(i));
  EXPECT_EQ(seconds("192.0.2.2", "0"), 1U);
}

TEST(AccountOf, IsBounded) {
  EXPECT_EQ(account_of("joe"), "joe");
  EXPECT_EQ(account_of(std::string(512, 'x')), std::string(64, 'x'));
}

}  // namespace
}  // namespace qmail::authd
