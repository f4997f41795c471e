// qmail-clean when the power fails: from every state it is asked about, to a legal one.
#include <gtest/gtest.h>

#include "core/programs/qmail-clean/qmail_clean.h"
#include "tests/crash/queue_work.h"

namespace qmail::test {
namespace {

using enum queue::Part;

constexpr queue::Number number = 457;

/// A message with these files, a request or several, and no illegal state whenever the power fails.
Scenario cleaning(const queue::Files& files, const std::vector<std::string>& requests) {
  const auto prepare = [=](const std::filesystem::path& home) {
    prepare_home(home);
    for (const queue::Part part : queue::every_part)
      if (files.has(part)) std::ofstream(home / "queue" / name_of(part, number));
  };
  const auto run = [=](const std::filesystem::path& home, Witness& witness) {
    const auto queue = queue::Layout::open(Directory::open(home.string()));
    const FakeClock clock;
    queue::Cleaner cleaner(queue, clock);
    for (const std::string& request : requests) {
      const char answer = cleaner.answer(request);
      witness.tell(std::string(1, answer));
      if (answer != '+') return 1;  // qmail-send does not go on either
    }
    return 0;
  };
  const auto problems = [](const std::filesystem::path& home, const Ended& ended) {
    const auto queue = queue::Layout::open(Directory::open(home.string()));
    Problems found;
    if (!classify(files_of(queue, number))) found.push_back("illegal state");
    if (ended.has_told("x")) found.push_back("not understood");
    return found;
  };
  return {prepare, run, problems};
}

const std::vector<Scenario>& every_cleaning() {
  static const std::vector<Scenario> all{
      cleaning({mess}, {"foop/457"}),
      cleaning({mess, intd}, {"foop/457"}),
      cleaning({mess, todo, info, local}, {"todo/457"}),
      cleaning({mess, intd, todo, info, local, remote}, {"todo/457"}),
  };
  return all;
}

TEST(PowerFailure, LeavesALegalState) {
  for (const Scenario& scenario : every_cleaning()) EXPECT_EQ(stop_at_every_call(scenario), Problems{});
}

TEST(Trouble, LeavesALegalState) {
  for (const Scenario& scenario : every_cleaning())
    for (const bool lasting : {false, true}) {
      const test::Trouble trouble{.kind = test::Trouble::Kind::fail, .error = EIO, .lasting = lasting};
      EXPECT_EQ(trouble_at_every_call(scenario, trouble), Problems{});
    }
}

// The control: were the folders not synced, these tests would see it.
TEST(PowerFailure, IsSeenToLeaveAnIllegalStateWhereDirectoriesAreNotSynced) {
  Problems found;
  for (const Scenario& scenario : every_cleaning())
    for (const auto& problem : stop_at_every_call(scenario, {.directory_syncs_work = false}))
      found.push_back(problem);
  EXPECT_NE(found, Problems{});
}

}  // namespace
}  // namespace qmail::test
