#include "core/accounts/aging.h"

#include <gtest/gtest.h>

namespace qmail::accounts {
namespace {

constexpr std::int64_t today = 20000;

TEST(Aging, EndsAnAccountOnTheDayThatIsGiven) {
  EXPECT_FALSE(is_expired({}, today));
  EXPECT_FALSE(is_expired({.expires = today + 1}, today));
  EXPECT_TRUE(is_expired({.expires = today}, today));
  EXPECT_TRUE(is_expired({.expires = 1}, today));
}

TEST(Aging, EndsAPasswordThatIsTooOld) {
  EXPECT_FALSE(is_expired({.changed = today - 30, .longest = 30}, today));
  EXPECT_TRUE(is_expired({.changed = today - 31, .longest = 30}, today));
  EXPECT_FALSE(is_expired({.changed = 1}, today));
  EXPECT_FALSE(is_expired({.longest = 30}, today));
}

TEST(Aging, EndsAPasswordThatMustBeChanged) {
  EXPECT_TRUE(is_expired({.changed = 0, .longest = 99999}, today));
}

TEST(Aging, OfAChangeInTheFutureIsAClockThatIsWrong) {
  EXPECT_FALSE(is_expired({.changed = today + 1, .longest = 30}, today));
}

}  // namespace
}  // namespace qmail::accounts
