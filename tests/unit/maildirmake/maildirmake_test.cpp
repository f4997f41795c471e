#include "core/programs/maildirmake/maildirmake.h"

#include <gtest/gtest.h>

#include "tests/support/temp_home.h"

namespace qmail {
namespace {

TEST(Maildirmake, MakesItsDirectoriesForTheirOwnerOnly) {
  const test::TempHome home;
  const std::string maildir = (home.path() / "Maildir").string();
  EXPECT_EQ(make_maildir({maildir}), 0);
  for (const char* part : {"", "/tmp", "/new", "/cur"}) {
    struct stat status {};
    ASSERT_EQ(::stat((maildir + part).c_str(), &status), 0) << part;
    EXPECT_TRUE(S_ISDIR(status.st_mode)) << part;
    EXPECT_EQ(status.st_mode & 07777, 0700U) << part;
  }
}

}  // namespace
}  // namespace qmail
