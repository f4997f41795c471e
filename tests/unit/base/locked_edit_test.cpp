#include "core/base/locked_edit.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include "core/base/failure.h"
#include "tests/support/temp_home.h"

namespace qmail {
namespace {

constexpr std::size_t most_bytes = 100000;

mode_t mode_of(const std::filesystem::path& path) {
  struct stat status {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0);
  return status.st_mode & 07777;
}

TEST(LockedEdit, MakesAFileThatNobodyElseReads) {
  const test::TempHome home;
  const LockedEdit edit(home.path() / "users");
  EXPECT_EQ(edit.text(most_bytes), std::nullopt);
  edit.replace("joe\n");
  EXPECT_EQ(edit.text(most_bytes), "joe\n");
  EXPECT_EQ(mode_of(home.path() / "users"), 0600U);
  EXPECT_EQ(mode_of(home.path() / "users.lock"), 0600U);
}

TEST(LockedEdit, LeavesTheModeAndTheOwnerOfAFile) {
  const test::TempHome home;
  home.write("users", "old");
  std::filesystem::permissions(home.path() / "users", std::filesystem::perms(0440));
  const bool is_root = ::geteuid() == 0;
  if (is_root) {
    ASSERT_EQ(::chown((home.path() / "users").c_str(), 1, 2), 0);
  }
  LockedEdit(home.path() / "users").replace("new");
  EXPECT_EQ(home.read("users"), "new");
  EXPECT_EQ(mode_of(home.path() / "users"), 0440U);
  struct stat status {};
  ASSERT_EQ(::stat((home.path() / "users").c_str(), &status), 0);
  EXPECT_EQ(status.st_uid, is_root ? 1 : ::geteuid());
}

TEST(LockedEdit, RefusesALinkSoThatWhatItLeadsToIsNotLeftBehind) {
  const test::TempHome home;
  home.write("real", "old");
  std::filesystem::create_symlink("real", home.path() / "users");
  EXPECT_THROW(LockedEdit(home.path() / "users").replace("new"), Failure);
  EXPECT_EQ(home.read("real"), "old");
  EXPECT_TRUE(std::filesystem::is_symlink(home.path() / "users"));
}

TEST(LockedEdit, RefusesWhatIsNoFileOrTooLarge) {
  const test::TempHome home;
  ::mkfifo((home.path() / "users").c_str(), 0600);
  EXPECT_THROW(LockedEdit(home.path() / "users").text(most_bytes), Failure);
  home.write("large", "12345");
  EXPECT_THROW(LockedEdit(home.path() / "large").text(4), Failure);
  EXPECT_THROW(LockedEdit(home.path() / "nowhere/users"), Failure);
}

/// Each adds its own bytes to whatever is there, in many small edits.
void add_many(const std::string& path, char byte, int count) {
  for (int i = 0; i < count; ++i) {
    const LockedEdit edit(path);
    edit.replace(edit.text(most_bytes).value_or("") + byte);
  }
}

TEST(LockedEdit, LosesNothingOfEditsAtTheSameTime) {
  const test::TempHome home;
  const std::string path = home.path() / "users";
  constexpr int each = 30;
  std::vector<pid_t> children;
  for (const char byte : {'a', 'b', 'c'}) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      add_many(path, byte, each);
      ::_exit(0);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) ::waitpid(child, nullptr, 0);
  const std::string text = home.read("users");
  for (const char byte : {'a', 'b', 'c'}) EXPECT_EQ(std::count(text.begin(), text.end(), byte), each);
}

}  // namespace
}  // namespace qmail
