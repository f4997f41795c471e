#include "core/programs/qmail-newu/new_users.h"

#include <gtest/gtest.h>

#include "core/users/assign.h"
#include "tests/support/temp_home.h"

namespace qmail {
namespace {

TEST(Newu, PublishesACdbThatEverybodyMayRead) {
  const test::TempHome home;
  home.write("users/assign", "=joe:joe:1001:1002:/home/joe:::\n.\n");
  home.write("users/cdb", "old");
  new_users(home.open().sub("users"));
  const auto joe = users::find_assigned(home.read("users/cdb"), "joe");
  EXPECT_EQ(std::get<users::UserRecord>(joe), (users::UserRecord{"joe", 1001, 1002, "/home/joe", "", ""}));
  struct stat status {};
  ASSERT_EQ(::stat((home.path() / "users/cdb").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0644U);
  EXPECT_FALSE(home.has("users/cdb.tmp"));
}

}  // namespace
}  // namespace qmail
