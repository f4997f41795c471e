#include "core/accounts/checker_setting.h"

#include <gtest/gtest.h>

namespace qmail::accounts {
namespace {

using Words = std::vector<std::string>;

TEST(CheckerSetting, IsFoundAtTheBeginningOfAProgram) {
  const Words program{"checkpassword", "qmail-pop3d", "Maildir"};
  EXPECT_EQ(behind_checker(program, {"checkpassword"}), (Words{"qmail-pop3d", "Maildir"}));
  EXPECT_EQ(behind_checker(program, {"/bin/checkpassword"}), Words());
  EXPECT_EQ(behind_checker(program, {"checkpassword", "-x"}), Words());
  EXPECT_EQ(behind_checker({"checker", "-x", "session"}, {"checker", "-x"}), Words{"session"});
  EXPECT_EQ(behind_checker({"checker", "session"}, {"checker", "session"}), Words());
  EXPECT_EQ(behind_checker({"checker"}, {"checker", "session"}), Words());
}

}  // namespace
}  // namespace qmail::accounts
