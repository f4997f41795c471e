// A file of users being changed when the power fails or a call does: the old one or the new one is there,
// whole; once the change has ended well, the new one.
#include <cerrno>
#include <fstream>
#include <gtest/gtest.h>

#include "core/base/locked_edit.h"
#include "tests/support/crash_driver.h"

namespace qmail::test {
namespace {

namespace fs = std::filesystem;

const std::string before = "joe:$1$a$b:vmail:/home/joe\n";
const std::string after = before + "ann:$1$a$b:vmail:/home/ann\n";

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void prepare(const fs::path& home) {
  std::ofstream(home / "users", std::ios::binary) << before;
  std::ofstream(home / "users.tmp", std::ios::binary)
      << "left by an earlier run, and longer than what comes now " << std::string(1000, 'x');
}

int change(const fs::path& home, Witness&) {
  LockedEdit((home / "users").string()).replace(after);
  return 0;
}

Problems problems(const fs::path& home, const Ended& ended) {
  const std::string text = read(home / "users");
  if (text != before && text != after) return {"the file is neither the old nor the new one"};
  if (ended.exit_code == 0 && text != after) return {"the new file is not there"};
  return {};
}

const Scenario changing{prepare, change, problems};

TEST(PowerFailure, LeavesTheOldFileOrTheNewOne) {
  EXPECT_EQ(stop_at_every_call(changing), Problems{});
  EXPECT_NE(stop_at_every_call(changing, {.directory_syncs_work = false}), Problems{});
}

TEST(AFailedCall, LeavesTheOldFileOrTheNewOne) {
  for (const int error : {ENOSPC, EIO})
    EXPECT_EQ(trouble_at_every_call(changing, {.kind = Trouble::Kind::fail, .error = error}), Problems{});
}

}  // namespace
}  // namespace qmail::test
