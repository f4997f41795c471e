#include "core/base/fd.h"

#include <array>
#include <cerrno>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/temp_home.h"

namespace qmail {
namespace {

constexpr std::int64_t long_ago = 862193820;

timespec time_of_access(const Fd& file) {
  struct stat found {};
  EXPECT_EQ(::fstat(file.get(), &found), 0);
  return found.st_atim;
}

void read_one(const Fd& file) {
  char byte = 0;
  EXPECT_EQ(::read(file.get(), &byte, 1), 1);
}

class OpenUnnoted : public testing::Test {
 protected:
  OpenUnnoted() {
    home.write("list", "Tjoe@example.org");
    const std::array<timespec, 2> times{timespec{long_ago, 0}, timespec{long_ago, 0}};
    EXPECT_EQ(::utimensat(AT_FDCWD, (home.path() / "list").c_str(), times.data(), 0), 0);
  }
  test::TempHome home;
  Directory folder = Directory::open(home.path().string());
};

TEST_F(OpenUnnoted, ReadingIsNotNoted) {
  const Fd file = open_unnoted(folder.get(), "list");
  read_one(file);
  EXPECT_EQ(time_of_access(file).tv_sec, long_ago);
}

TEST_F(OpenUnnoted, WhoeverMayOnlyReadReads) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  ASSERT_EQ(::chmod(home.path().c_str(), 0755), 0);
  ASSERT_EQ(::chmod((home.path() / "list").c_str(), 0644), 0);
  ASSERT_EQ(::seteuid(65534), 0);
  const Fd file = open_unnoted(folder.get(), "list");
  EXPECT_EQ(::seteuid(0), 0);
  read_one(file);
}

TEST_F(OpenUnnoted, WhatIsNotThereIsNone) {
  EXPECT_FALSE(open_unnoted(folder.get(), "other"));
  EXPECT_EQ(errno, ENOENT);
}

}  // namespace
}  // namespace qmail
