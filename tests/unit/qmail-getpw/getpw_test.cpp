#include "core/programs/qmail-getpw/getpw.h"

#include <cerrno>
#include <gtest/gtest.h>
#include <map>

#include "core/programs/qmail-getpw/resident_getpw.h"
#include "core/users/local_codes.h"
#include "tests/support/fake_clock.h"

namespace qmail {
namespace {

using namespace std::string_literals;

/// Accounts whose home is /home/NAME; a home is its user's unless `owners` says otherwise.
class TestAccounts final : public Accounts {
 public:
  Lookup<Account> find(const std::string& name) const override {
    asked.push_back(name);
    const auto uid = uids.find(name);
    if (uid == uids.end()) return {.error = error};
    return {.found = Account{name, uid->second, 100, "/home/" + name}};
  }
  Lookup<uid_t> owner(const std::string& directory) const override {
    if (home_error != 0) return {.error = home_error};
    const std::string name = directory.substr(std::string("/home/").size());
    const auto other = owners.find(name);
    return {.found = other == owners.end() ? uids.at(name) : other->second};
  }

  std::map<std::string, uid_t> uids{{"alias", 7790}, {"joe", 1001}, {"joe-x", 1002}, {"root", 0}};
  std::map<std::string, uid_t> owners;
  int error = 0;
  int home_error = 0;
  mutable std::vector<std::string> asked;
};

std::string alias_for(const std::string& ext) {
  return "alias\0007790\000100\0/home/alias\0-\0"s + ext + "\0"s;
}

TEST(Getpw, TakesTheLongestAccountThatEndsBeforeADash) {
  const TestAccounts accounts;
  EXPECT_EQ(find_user(accounts, "joe").fields, "joe\0001001\000100\0/home/joe\0\0\0"s);
  EXPECT_EQ(find_user(accounts, "joe-x").fields, "joe-x\0001002\000100\0/home/joe-x\0\0\0"s);
  EXPECT_EQ(find_user(accounts, "joe-x-y").fields, "joe-x\0001002\000100\0/home/joe-x\0-\0y\0"s);
  EXPECT_EQ(find_user(accounts, "joe-").fields, "joe\0001001\000100\0/home/joe\0-\0\0"s);
}

TEST(Getpw, IgnoresCaseButKeepsItInTheExtension) {
  EXPECT_EQ(find_user(TestAccounts(), "JOE-Lists").fields, "joe\0001001\000100\0/home/joe\0-\0Lists\0"s);
}

TEST(Getpw, GivesStrangersToAlias) {
  const TestAccounts accounts;
  for (const char* local : {"", "-", "nobody", "Joe+x", "root", "root-x"})
    EXPECT_EQ(find_user(accounts, local).fields, alias_for(local));
  EXPECT_EQ(find_user(accounts, "alias").fields, "alias\0007790\000100\0/home/alias\0\0\0"s);
}

TEST(Getpw, GivesUsersWhoDoNotOwnTheirHomeToAlias) {
  TestAccounts accounts;
  accounts.owners = {{"joe", 0}};
  EXPECT_EQ(find_user(accounts, "joe").fields, alias_for("joe"));
  accounts.owners.clear();
  accounts.home_error = ENOENT;
  EXPECT_EQ(find_user(accounts, "joe").fields, alias_for("joe"));
}

TEST(Getpw, AsksForNamesOfLessThan32BytesOnly) {
  TestAccounts accounts;
  const std::string longest(31, 'a');
  accounts.uids[longest] = 5;
  accounts.uids[longest + "b"] = 6;
  EXPECT_EQ(find_user(accounts, longest).fields, longest + "\0005\000100\0/home/"s + longest + "\0\0\0"s);
  EXPECT_EQ(find_user(accounts, longest + "b").fields, alias_for(longest + "b"));
  accounts.asked.clear();
  const std::string huge(100000, '-');
  EXPECT_EQ(find_user(accounts, huge).fields, alias_for(huge));
  EXPECT_EQ(accounts.asked.size(), 33U);
}

TEST(Getpw, DefersInAShortageAndAtTroubleWithAHome) {
  TestAccounts accounts;
  accounts.home_error = EIO;
  EXPECT_EQ(find_user(accounts, "joe").exit_code, 115);
  accounts.error = EMFILE;
  EXPECT_EQ(find_user(accounts, "nobody").exit_code, 118);
  accounts.error = ENOENT;
  EXPECT_EQ(find_user(accounts, "nobody").fields, alias_for("nobody"));
}

TEST(Getpw, SaysSoIfThereIsNoAliasUser) {
  TestAccounts accounts;
  accounts.uids.erase("alias");
  EXPECT_EQ(find_user(accounts, "nobody").exit_code, 116);
  EXPECT_EQ(find_user(accounts, "nobody").fields, "");
}

TEST(CachedUsers, RemembersWhoWasFoundForFiveSeconds) {
  TestAccounts accounts;
  test::FakeClock clock(1000);
  CachedUsers cached(accounts, clock);
  const std::string before = cached.find("joe").fields;
  accounts.owners["joe"] = 0;
  clock.advance(4);
  EXPECT_EQ(cached.find("joe").fields, before);
  clock.advance(1);
  EXPECT_EQ(cached.find("joe").fields, find_user(accounts, "joe").fields);
  EXPECT_NE(cached.find("joe").fields, before);
}

TEST(CachedUsers, AsksAgainAfterAShortage) {
  TestAccounts accounts;
  const test::FakeClock clock(1000);
  CachedUsers cached(accounts, clock);
  accounts.error = EMFILE;
  EXPECT_EQ(cached.find("stranger").exit_code, static_cast<int>(users::LocalCode::system));
  accounts.error = 0;
  EXPECT_EQ(cached.find("stranger").exit_code, 0);
}

}  // namespace
}  // namespace qmail
