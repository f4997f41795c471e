#include "patches-integrated/smtp-auth-client/account.h"

#include <gtest/gtest.h>

namespace qmail::features::smtp_auth_client {
namespace {

TEST(Account, IsARelayAUserAndAPassword) {
  EXPECT_EQ(parse_account("relay.example|joe|secret"), (Account{{"relay.example", 25}, "joe", "secret"}));
  EXPECT_EQ(parse_account("relay.example:587|joe@a|se:cr|et "),
            (Account{{"relay.example", 587}, "joe@a", "se:cr|et "}));
  EXPECT_EQ(parse_account("[2001:db8::1]:465|j|s"), (Account{{"[2001:db8::1]", 465}, "j", "s"}));
  EXPECT_EQ(parse_account("relay:25 in-clear|j|s"), (Account{{"relay", 25}, "j", "s", true}));
}

TEST(Account, IsNothingElse) {
  for (const std::string_view text :
       {"", "|", "||", "|||", "relay", "relay|", "relay|joe", "relay|joe|", "relay||secret", "|joe|secret",
        ":587|joe|secret", "relay:0|joe|secret", "relay:99999|joe|secret", "re lay|joe|secret",
        "relay in-clear:25|joe|secret", " in-clear|joe|secret", "relay:25  in-clear|joe|secret"})
    EXPECT_FALSE(parse_account(text)) << text;
  EXPECT_FALSE(parse_account(std::string_view("relay|j\0e|secret", 16)));
  EXPECT_FALSE(parse_account(std::string_view("relay|joe|se\0ret", 16)));
}

/// Nothing of a line is for a log but its key: whatever is wrong with it, the password is behind that.
TEST(Accounts, GiveOnlyTheKeyOfALineThatMakesNoSense) {
  for (const char* line : {"joe@a:relay", "joe@a", "joe@a|relay|secret", "joe@a:relay|secret",
                           "joe@a:relay:x:y|", "joe@a:|u|secret"}) {
    const auto accounts = Accounts::of_senders({line});
    const Entry* entry = accounts.find_sender("joe@a");
    ASSERT_TRUE(entry) << line;
    EXPECT_EQ(entry->key, "joe@a");
    EXPECT_FALSE(entry->account) << line;
  }
}

std::string user_of(const Entry* entry) {
  return entry == nullptr ? "nobody" : entry->account ? entry->account->user : "bad";
}

TEST(Accounts, AreFoundByTheAddressThenTheHostThenForAll) {
  const auto accounts =
      Accounts::of_senders({"Joe@A.example:relay|joe|s", "@a.example:relay|host|s", ":relay|all|s"});
  EXPECT_EQ(user_of(accounts.find_sender("joe@a.EXAMPLE")), "joe");
  EXPECT_EQ(user_of(accounts.find_sender("jim@a.example")), "host");
  EXPECT_EQ(user_of(accounts.find_sender("jim@b.example")), "all");
  EXPECT_EQ(user_of(accounts.find_sender("jim@x.a.example")), "all");
  EXPECT_EQ(user_of(accounts.find_sender("")), "all");
  EXPECT_EQ(user_of(Accounts::of_senders({"@a.example:relay|host|s"}).find_sender("")), "nobody");
}

TEST(Accounts, OfRoutesAreThoseWithALogin) {
  const auto accounts = Accounts::of_routes({"a.example:relay|a|s", ".b.example:relay:26|b|s",
                                             "c.b.example:other", "d.b.example:", ":relay:587|all|s", "x"});
  EXPECT_EQ(user_of(accounts.find_host("A.example")), "a");
  EXPECT_EQ(user_of(accounts.find_host("y.b.example")), "b");
  EXPECT_EQ(user_of(accounts.find_host("c.b.example")), "nobody");
  EXPECT_EQ(user_of(accounts.find_host("d.b.example")), "nobody");
  EXPECT_EQ(user_of(accounts.find_host("elsewhere")), "all");
  EXPECT_TRUE(Accounts::of_routes({"a.example:relay:26", ":other"}).empty());
}

TEST(Accounts, TakeAnyBytes) {
  for (const char* start :
       {"", "a@b", "a@b:", "a@b:r", "a@b:r|", "a@b:r|u", "a@b:r|u|", "a@b:r:1", "a@b:[::1]"})
    for (int byte = 0; byte < 256; ++byte) {
      const std::string line = start + std::string(1, static_cast<char>(byte));
      const auto senders = Accounts::of_senders({line}), routes = Accounts::of_routes({line});
      for (const std::string_view key : {"", "a@b", "@b", "a", "@", "a@b|"}) {
        senders.find_sender(key);
        routes.find_host(key);
      }
      const auto account = parse_account(line);
      EXPECT_FALSE(account && (account->user.empty() || account->password.empty())) << line;
    }
}

}  // namespace
}  // namespace qmail::features::smtp_auth_client
