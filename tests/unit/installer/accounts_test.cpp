#include "installer/transaction/accounts.h"

#include <gtest/gtest.h>

namespace qmail::transaction {
namespace {

TEST(Accounts, ReadsUsersAndLeavesOutWhatIsNone) {
  const auto users =
      parse_passwd("root:x:0:0:root:/root:/bin/sh\n+nis\nbad:x:no:1::/:\n\nq:x:7:8::/q:/bin/sh");
  ASSERT_EQ(users.size(), 2U);
  EXPECT_EQ(users[1].name, "q");
  EXPECT_EQ(users[1].uid, 7U);
  EXPECT_EQ(users[1].gid, 8U);
  EXPECT_EQ(users[1].home, "/q");
}

TEST(Accounts, FindsUsersAndGroupsByTheirWholeName) {
  const Accounts accounts{.users = parse_passwd("qmailq:x:7:8::/q:/bin/sh\n"),
                          .groups = parse_group("qmail:x:8:a,b\nshort:x:1\n")};
  EXPECT_EQ(accounts.find_user("qmail"), nullptr);
  EXPECT_EQ(accounts.find_user("qmailq")->uid, 7U);
  EXPECT_EQ(accounts.find_group("qmail")->gid, 8U);
  EXPECT_EQ(accounts.find_group("short"), nullptr);
}

TEST(Accounts, TakesALineOutAndPutsItBack) {
  const std::string text = "a:1\nab:2\nb:3";
  EXPECT_EQ(without_account(text, "a"), "ab:2\nb:3");
  EXPECT_EQ(lines_of_account(text, "a"), "a:1\n");
  EXPECT_EQ(lines_of_account(text, "c"), "");
  EXPECT_EQ(with_account("ab:2\nb:3", "a:1"), "ab:2\nb:3\na:1\n");
  EXPECT_EQ(with_account("", "a:1"), "a:1\n");
  EXPECT_EQ(without_account("", "a"), "");
}

}  // namespace
}  // namespace qmail::transaction
