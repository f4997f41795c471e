// qmail-queue when the power fails: whatever the moment, no state is illegal, nothing accepted is lost,
// nothing queued is half.
#include <gtest/gtest.h>

#include "tests/crash/queue_work.h"

namespace qmail::test {
namespace {

TEST(PowerFailure, LosesNoAcceptedMessage) { EXPECT_EQ(stop_at_every_call(queueing), Problems{}); }

TEST(PowerFailure, LosesNoAcceptedMessageWithoutUnnamedFiles) {
  EXPECT_EQ(stop_at_every_call(queueing, {.unnamed_files_work = false}), Problems{});
}

// The control: were the directories not synced, these tests would see it.
TEST(PowerFailure, IsSeenToLoseMessagesWhereDirectoriesAreNotSynced) {
  EXPECT_NE(stop_at_every_call(queueing, {.directory_syncs_work = false}), Problems{});
  EXPECT_NE(stop_at_every_call(queueing, {.directory_syncs_work = false, .unnamed_files_work = false}),
            Problems{});
}

}  // namespace
}  // namespace qmail::test
