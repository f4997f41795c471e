#include "core/mailbox/maildir_files.h"

#include <gtest/gtest.h>

#include "core/base/failure.h"
#include "tests/support/temp_home.h"

namespace qmail::mailbox {
namespace {

constexpr std::int64_t now = 1700000000;

class MaildirFiles : public testing::Test {
 protected:
  MaildirFiles() {
    for (const char* part : {"tmp", "new", "cur"})
      std::filesystem::create_directories(home_.path() / "M" / part);
  }
  void put(const std::string& name, std::int64_t seconds) {
    home_.write("M/" + name, "x");
    const timespec time{seconds, 0};
    const std::array<timespec, 2> times{time, time};
    ASSERT_EQ(::utimensat(AT_FDCWD, (home_.path() / "M" / name).c_str(), times.data(), 0), 0);
  }
  std::vector<std::string> scan(const std::vector<std::string>& parts) {
    std::vector<std::string> names;
    for (const MaildirFile& file : scan_maildir(home_.open().sub("M"), parts, now))
      names.push_back(file.name);
    return names;
  }
  test::TempHome home_;
};

TEST_F(MaildirFiles, ComeOldestFirst) {
  put("new/b", 30);
  put("new/a", 20);
  put("cur/c:2,S", 10);
  put("new/d", 20);
  EXPECT_EQ(scan({"new", "cur"}), (std::vector<std::string>{"cur/c:2,S", "new/a", "new/d", "new/b"}));
  EXPECT_EQ(scan({"cur"}), std::vector<std::string>{"cur/c:2,S"});
}

TEST_F(MaildirFiles, AreNotHiddenAndNotOfThisVerySecond) {
  put("new/.hidden", 10);
  put("new/just-now", now);
  put("new/before", now - 1);
  EXPECT_EQ(scan({"new"}), std::vector<std::string>{"new/before"});
}

TEST_F(MaildirFiles, AreRemovedFromTmpAfter36Hours) {
  put("tmp/old", now - 129601);
  put("tmp/young", now - 129600);
  put("tmp/.hidden", 10);
  put("new/old", 10);
  clean_maildir(home_.open().sub("M"), now);
  EXPECT_FALSE(home_.has("M/tmp/old"));
  EXPECT_TRUE(home_.has("M/tmp/young") && home_.has("M/tmp/.hidden") && home_.has("M/new/old"));
}

TEST_F(MaildirFiles, MustHaveTheirDirectories) {
  std::filesystem::remove(home_.path() / "M/tmp");
  clean_maildir(home_.open().sub("M"), now);
  std::filesystem::remove(home_.path() / "M/cur");
  EXPECT_THROW(scan({"new", "cur"}), Failure);
}

}  // namespace
}  // namespace qmail::mailbox
