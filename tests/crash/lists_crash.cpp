// qlist when the power fails or a call does: the old list or the new one is there, whole; once it has ended
// well, the new one, and the key of what it has sent.
#include <cerrno>
#include <fstream>
#include <gtest/gtest.h>

#include "core/programs/qlist/list.h"
#include "tests/support/crash_driver.h"
#include "tests/support/temp_home.h"

namespace qmail::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* old_list = "&ann@remote.example\n";
constexpr const char* new_list = "&ann@remote.example\n&joe@remote.example\n";

qlist::Settings settings_in(const fs::path& home) {
  return {.list = "me-list@x",
          .request = "me-list-request@x",
          .list_file = home / ".qmail-list",
          .request_file = home / ".qmail-list-request",
          .temporary_file = home / ".qtemp-list",
          .owner = "me@x"};
}

void prepare(const fs::path& home) {
  std::ofstream(home / ".qmail-list") << old_list;
  std::ofstream(home / ".qmail-list-request") << "|qlist\n";
  std::ofstream(home / ".qtemp-list") << "left by an earlier run";
}

int subscribe(const fs::path& home, Witness& witness) {
  const qlist::Settings settings = settings_in(home);
  const qlist::List list(settings);
  witness.tell(list.key());
  list.change("joe@remote.example", qlist::Action::subscribe);
  return 0;
}

Problems problems(const fs::path& home, const Ended& ended) {
  Problems found;
  const std::string list = TempHome::read_file(home / ".qmail-list");
  const std::string key = TempHome::read_file(home / ".qtemp-list.key");
  if (list != old_list && list != new_list) found.push_back("the list is neither the old nor the new one");
  if (ended.exit_code == 0 && list != new_list) found.push_back("the new list is not there");
  if (!ended.told.empty() && key != ended.told.front() + "\n") found.push_back("the key is not there");
  if (ended.told.empty() && key.size() != 65 && key != "(no such file)")
    found.push_back("there is half a key");
  return found;
}

const Scenario subscribing{prepare, subscribe, problems};

TEST(PowerFailure, LeavesTheOldListOrTheNewOne) {
  EXPECT_EQ(stop_at_every_call(subscribing), Problems{});
  EXPECT_NE(stop_at_every_call(subscribing, {.directory_syncs_work = false}), Problems{});
}

TEST(AFailedCall, LeavesTheOldListOrTheNewOne) {
  for (const int error : {EIO, ENOSPC})
    EXPECT_EQ(trouble_at_every_call(subscribing, {.kind = Trouble::Kind::fail, .error = error}), Problems{});
  EXPECT_EQ(trouble_at_every_call(subscribing, {.kind = Trouble::Kind::short_write}), Problems{});
}

}  // namespace
}  // namespace qmail::test
