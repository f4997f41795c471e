// The queue's log when a call fails: what it accepted is there, what it refused is not, and it goes on.
#include <gtest/gtest.h>

#include "tests/crash/log_steps.h"

namespace qmail::test {
namespace {

/// Also: nothing that was refused is there, once the log could say so.
Problems fault_problems(const std::filesystem::path& home, const Ended& ended) {
  Problems problems = log_problems(home, ended);
  if (!ended.exit_code) problems.push_back("the work did not come to its end");
  if (!ended.has_told("all synced")) return problems;
  const auto found = messages_in(home, problems);
  for (const std::string& line : ended.told)
    if (line.starts_with("refused "))
      for (const char one : line.substr(8))
        if (found.contains(one)) problems.push_back(std::string("refused message ") + one + " is there");
  return problems;
}

class EveryCallOfTheLogFails : public testing::TestWithParam<int> {};

TEST_P(EveryCallOfTheLogFails, AndItGoesOn) {
  const auto problems = [](const std::filesystem::path& home, const Ended& ended) {
    Problems found = fault_problems(home, ended);
    const bool started = ended.exit_code == 0;
    if (started && !ended.has_told("all synced")) found.push_back("the log did not recover");
    return found;
  };
  const Trouble trouble{.kind = Trouble::Kind::fail, .error = GetParam()};
  EXPECT_EQ(trouble_at_every_call({prepare_log, live_a_while, problems}, trouble), Problems{});
}

TEST_P(EveryCallOfTheLogFails, ForGoodAndNothingIsLost) {
  const Trouble trouble{.kind = Trouble::Kind::fail, .error = GetParam(), .lasting = true};
  EXPECT_EQ(trouble_at_every_call({prepare_log, live_a_while, fault_problems}, trouble), Problems{});
}

INSTANTIATE_TEST_SUITE_P(With, EveryCallOfTheLogFails, testing::Values(ENOSPC, EIO),
                         [](const auto& error) { return std::string(::strerrorname_np(error.param)); });

TEST(TheLog, ContinuesShortWrites) {
  const auto problems = [](const std::filesystem::path& home, const Ended& ended) {
    Problems found = fault_problems(home, ended);
    for (const std::string& line : ended.told)
      if (line.starts_with("refused")) found.push_back(line);
    return found;
  };
  EXPECT_EQ(
      trouble_at_every_call({prepare_log, live_a_while, problems}, {.kind = Trouble::Kind::short_write}),
      Problems{});
}

}  // namespace
}  // namespace qmail::test
