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

TEST(PowerFailure, LeavesALegalStateWhileARefusedMessageIsRemoved) {
  const auto put_cut_envelope = [](const std::filesystem::path& home, Witness&) {
    return put_message(home, envelope.substr(0, 10));
  };
  const auto problems = [](const std::filesystem::path& home, const Ended& ended) {
    Problems found = queue_problems(home, ended);
    if (ended.exit_code.value_or(54) != 54) found.push_back("not refused as cut");
    const auto queue = queue::Layout::open(Directory::open(home.string()));
    if (count_queued(queue) != 0) found.push_back("a refused message is queued");
    return found;
  };
  const Scenario refusing{prepare_home, put_cut_envelope, problems};
  EXPECT_EQ(stop_at_every_call(refusing), Problems{});
  EXPECT_EQ(stop_at_every_call(refusing, {.unnamed_files_work = false}), Problems{});
}

// The control: were the directories not synced, these tests would see it.
TEST(PowerFailure, IsSeenToLoseMessagesWhereDirectoriesAreNotSynced) {
  EXPECT_NE(stop_at_every_call(queueing, {.directory_syncs_work = false}), Problems{});
  EXPECT_NE(stop_at_every_call(queueing, {.directory_syncs_work = false, .unnamed_files_work = false}),
            Problems{});
}

}  // namespace
}  // namespace qmail::test
