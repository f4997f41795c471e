#include <gtest/gtest.h>
#include <unistd.h>

#include "core/programs/checkpassword/check.h"
#include "tests/support/fake_clock.h"

namespace qmail {
namespace {

class Shadow : public testing::Test {
 protected:
  bool is_let_in(std::string_view login, std::string_view password) {
    const Process self{.name = "checkpassword",
                       .args = {},
                       .invoked_as = "checkpassword",
                       .environment = {},
                       .clock = clock_,
                       .real_uid = ::getuid()};
    return check_system_password({.login = login, .password = password, .timestamp = ""}, self).has_value();
  }

  test::FakeClock clock_;
};

TEST_F(Shadow, LetsNobodyInWhoIsNoUser) {
  if (::getuid() != 0) GTEST_SKIP() << "only root can read the passwords";
  EXPECT_FALSE(is_let_in("no such user", "secret"));
  EXPECT_FALSE(is_let_in("", "secret"));
}

TEST_F(Shadow, LetsNobodyInWithoutAPassword) {
  EXPECT_FALSE(is_let_in("root", ""));
  if (::getuid() != 0) GTEST_SKIP() << "only root can read the passwords";
  // A system's own users have none.
  EXPECT_FALSE(is_let_in("nobody", "*"));
}

}  // namespace
}  // namespace qmail
