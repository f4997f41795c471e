// qmail-queue when a call fails: it says so with an exit code of its own, and what it refuses is not queued.
#include <gtest/gtest.h>

#include "tests/crash/queue_work.h"

namespace qmail::test {
namespace {

/// Also: every exit code is one that tells the client to keep the message.
Problems safety_problems(const std::filesystem::path& home, const Ended& ended) {
  Problems problems = queue_problems(home, ended);
  const int code = ended.exit_code.value_or(-1);
  if (code != 0 && (code < 53 || code > 66)) problems.push_back("exit code " + std::to_string(code));
  return problems;
}

/// Also: what was refused is not queued. Not to be had when nothing works any more: the name in todo that
/// could not be synced cannot be removed then either.
Problems fault_problems(const std::filesystem::path& home, const Ended& ended) {
  Problems problems = safety_problems(home, ended);
  const auto queue = queue::Layout::open(Directory::open(home.string()));
  if (ended.exit_code != 0 && count_queued(queue) != 0) problems.push_back("a refused message is queued");
  return problems;
}

Scenario queueing_with(Problems (*problems)(const std::filesystem::path&, const Ended&)) {
  return {queueing.prepare, queueing.run, problems};
}

class EveryCallFails : public testing::TestWithParam<int> {};

TEST_P(EveryCallFails, AndTheMessageIsRefusedOrSafe) {
  const Scenario scenario = queueing_with(fault_problems);
  const Trouble trouble{.kind = Trouble::Kind::fail, .error = GetParam()};
  EXPECT_EQ(trouble_at_every_call(scenario, trouble), Problems{});
  EXPECT_EQ(trouble_at_every_call(scenario, trouble, {.unnamed_files_work = false}), Problems{});
}

TEST_P(EveryCallFails, ForGoodAndTheMessageIsSafe) {
  const Scenario scenario = queueing_with(safety_problems);
  const Trouble trouble{.kind = Trouble::Kind::fail, .error = GetParam(), .lasting = true};
  EXPECT_EQ(trouble_at_every_call(scenario, trouble), Problems{});
  EXPECT_EQ(trouble_at_every_call(scenario, trouble, {.unnamed_files_work = false}), Problems{});
}

INSTANTIATE_TEST_SUITE_P(With, EveryCallFails, testing::Values(ENOSPC, EIO, EMFILE, ENOMEM),
                         [](const auto& error) { return std::string(::strerrorname_np(error.param)); });

TEST(ShortWrites, AreContinued) {
  const Scenario scenario = queueing_with([](const std::filesystem::path& home, const Ended& ended) {
    return ended.exit_code == 0 ? queue_problems(home, ended) : Problems{"refused"};
  });
  EXPECT_EQ(trouble_at_every_call(scenario, {.kind = Trouble::Kind::short_write}), Problems{});
}

TEST(Interruptions, AreSurvived) {
  const Trouble trouble{.kind = Trouble::Kind::fail, .error = EINTR};
  EXPECT_EQ(trouble_at_every_call(queueing_with(fault_problems), trouble), Problems{});
}

}  // namespace
}  // namespace qmail::test
