#include "core/base/signals.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

namespace qmail {
namespace {

void outlast(unsigned seconds) {
  const signals::TimeLimit limit(seconds, 52, "too slow\n");
  for (;;) ::pause();
}

TEST(TimeLimitDeathTest, EndsTheProcessWithItsLastWords) {
  EXPECT_EXIT(outlast(1), testing::ExitedWithCode(52), "^too slow\n$");
}

TEST(TimeLimit, IsOverWhenItIsDestroyed) {
  { const signals::TimeLimit limit(1000, 52, ""); }
  EXPECT_EQ(::alarm(0), 0U);
}

}  // namespace
}  // namespace qmail
