#include "core/queue/trigger.h"

#include <filesystem>
#include <gtest/gtest.h>
#include <poll.h>

#include "tests/support/temp_home.h"

namespace qmail::queue {
namespace {

bool pulled(const Trigger& trigger) {
  pollfd wanted{trigger.fd(), POLLIN, 0};
  return ::poll(&wanted, 1, 0) == 1;
}

TEST(QueueTrigger, IsPulledUntilRearmed) {
  const test::TempHome home;
  Trigger trigger(home.queue());
  EXPECT_FALSE(pulled(trigger));
  pull_trigger(home.queue());
  pull_trigger(home.queue());
  EXPECT_TRUE(pulled(trigger));
  trigger.rearm();
  EXPECT_FALSE(pulled(trigger));
  pull_trigger(home.queue());
  EXPECT_TRUE(pulled(trigger));
}

TEST(QueueTrigger, CanBePulledWhileNobodyWaits) {
  const test::TempHome home;
  pull_trigger(home.queue());
  EXPECT_FALSE(pulled(Trigger(home.queue())));
}

TEST(QueueTrigger, MayBeMissing) {
  const test::TempHome home;
  std::filesystem::remove(home.path() / "queue/lock/trigger");
  Trigger trigger(home.queue());
  pull_trigger(home.queue());
  trigger.rearm();
  EXPECT_FALSE(pulled(trigger));
}

}  // namespace
}  // namespace qmail::queue
