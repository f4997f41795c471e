#include <gtest/gtest.h>
#include <sys/stat.h>

#include "core/base/failure.h"
#include "core/format/cdb.h"
#include "core/users/assign.h"
#include "patches-integrated/valid-recipients/recipient_list.h"
#include "patches-integrated/valid-recipients/system_recipients.h"
#include "tests/support/feature_house.h"

namespace qmail::features {

smtpd::Configure configure_valid_recipients;

namespace {

using test::code_of, test::FeatureHouse;

class House : public FeatureHouse {
 public:
  House() {
    write("me", "mx.example.org\n");
    write("locals", "example.org\n");
    write("virtualdomains", "shop.example:joe-shop\nother.example:\n");
  }
  int answer(std::string_view recipient) {
    if (!feature_) feature_ = seat(configure_valid_recipients);
    return feature_ ? code_of(feature_->rcpt({}, recipient, client)) : -1;
  }
  /// A user of users/assign, with a home below this one.
  void assign(const std::string& lines) {
    const std::string text = lines + ".\n";
    const auto parsed = users::parse_assign(text);
    files.write("users/cdb", users::build_users_cdb(std::get<0>(parsed)).value());
  }
  std::string path(const std::string& name) const { return (files.path() / name).string(); }

 private:
  std::unique_ptr<smtpd::Feature> feature_;
};

std::string database(const std::vector<std::string>& keys) {
  CdbBuilder builder;
  for (const std::string& key : keys) builder.add(key, "");
  return builder.finish();
}

TEST(ValidRecipients, AreNotAskedAboutWithoutALine) { EXPECT_EQ(House().answer("joe@example.org"), -1); }

TEST(ValidRecipients, AnAddressComesBeforeItsDomainAndYesBeforeNo) {
  House house;
  house.write(
      "validrcptto",
      "Joe@Example.org\n-bad@all.example\n@all.example\n@none.example\n-@none.example\n-@no.example\n"
      "yes@no.example\n/^[a-z]+[0-9]@re\\.example$/\n-/^x.*@all\\.example$/\nlist-default@example.org\n"
      "both@example.org\n-both@example.org\nxavier@all.example\nwebmaster@mx.example.org\n");
  const std::pair<const char*, int> rows[] = {
      {"joe@example.org", 0},
      {"JOE@EXAMPLE.ORG", 0},
      {"jo@example.org", 553},
      {"any@all.example", 0},
      {"bad@all.example", 553},
      {"any@sub.all.example", 553},
      {"any@none.example", 0},
      {"any@no.example", 553},
      {"yes@no.example", 0},
      {"abc1@re.example", 0},
      {"abc12@re.example", 553},
      {"xyz@all.example", 553},
      {"xavier@all.example", 0},
      {"list-a-b@example.org", 0},
      {"list@example.org", 553},
      {"both@example.org", 0},
      {"-both@example.org", 553},
      {"-bad@all.example", 0},
      {"webmaster", 0},
      {"nobody", 553},
      {"Postmaster", 0},
      {"postmaster@example.org", 553},
      {"", 553},
      {"@example.org", 553},
  };
  for (const auto& [recipient, code] : rows) EXPECT_EQ(house.answer(recipient), code) << recipient;
}

TEST(ValidRecipients, ADatabaseIsAsGoodAsLines) {
  for (const char* name : {"validrcptto.cdb", "morevalidrcptto.cdb"}) {
    House house;
    house.write(name, database({"joe@example.org", "@all.example", "-bad@all.example"}));
    EXPECT_EQ(house.answer("Joe@example.org"), 0);
    EXPECT_EQ(house.answer("x@all.example"), 0);
    EXPECT_EQ(house.answer("bad@all.example"), 553);
    EXPECT_EQ(house.answer("jim@example.org"), 553);
  }
}

TEST(ValidRecipients, ADatabaseThatIsCutShortSaysNothing) {
  const std::string whole = database({"joe@example.org"});
  for (const std::size_t size : {std::size_t{0}, std::size_t{100}, std::size_t{2048}, whole.size() - 1}) {
    House house;
    house.write("validrcptto.cdb", whole.substr(0, size));
    EXPECT_THROW(house.answer("joe@example.org"), Failure) << size;
  }
}

TEST(ValidRecipients, AnEmptyListIsAListOfNobody) {
  House house;
  house.write("validrcptto", "");
  EXPECT_EQ(house.answer("joe@example.org"), 553);
  EXPECT_EQ(house.answer("postmaster"), 0);
}

TEST(ValidRecipients, BehindAWrongLineNobodyIsRefusedForGood) {
  House house;
  house.write("validrcptto", "joe@example.org\n/(/\n-bad@example.org\n");
  EXPECT_EQ(house.answer("joe@example.org"), 0);
  EXPECT_EQ(house.answer("jim@example.org"), 451);
  EXPECT_EQ(house.answer("bad@example.org"), 553);
}

TEST(ValidRecipients, WhoMayRelayIsNotAsked) {
  House house;
  house.write("validrcptto", "");
  house.facts.terms.relay_suffix = "";
  EXPECT_EQ(house.answer("joe@elsewhere.example"), 0);
}

TEST(ValidRecipients, WhoTriesTooManyIsHungUpOn) {
  House house;
  house.write("validrcptto", "joe@example.org\n");
  house.write("brtlimit", "2\n");
  EXPECT_EQ(house.answer("a@example.org"), 553);
  EXPECT_EQ(house.answer("joe@example.org"), 0);
  EXPECT_EQ(house.answer("b@example.org"), 553);
  EXPECT_EQ(house.answer("joe@example.org"), 421);
}

TEST(ValidRecipients, BrtlimitInTheEnvironmentCountsInstead) {
  House house;
  house.facts.environment = {{"BRTLIMIT", "1"}};
  house.write("validrcptto", "");
  house.write("brtlimit", "5\n");
  EXPECT_EQ(house.answer("a@example.org"), 553);
  EXPECT_EQ(house.answer("b@example.org"), 421);
}

TEST(ValidRecipients, TheSystemKnowsItsOwn) {
  House house;
  house.write("validrcpttosystem", "");
  for (const char* folder : {"joe", "alias"}) mkdir(house.path(folder).c_str(), 0755);
  house.files.write("joe/.qmail-list", "");
  house.files.write("joe/.qmail-shop-default", "");
  house.files.write("alias/.qmail-postmaster", "");
  house.files.write("alias/.qmail-a:b", "");
  house.assign("=joe:joe:1000:1000:" + house.path("joe") + ":::\n+joe-:joe:1000:1000:" + house.path("joe") +
               ":-::\n+:alias:7790:2108:" + house.path("alias") +
               ":-::\n=gone:gone:1001:1001:" + house.path("gone") + ":-:x:\n");
  const std::pair<const char*, int> rows[] = {
      {"joe@example.org", 0},        {"Joe@Example.Org", 0},
      {"joe-list@example.org", 0},   {"joe-no@example.org", 550},
      {"joe-shop-x@example.org", 0}, {"x@shop.example", 0},
      {"A.B@example.org", 0},        {"ab@example.org", 550},
      {"postmaster@example.org", 0}, {"jim@example.org", 550},
      {"gone@example.org", 0},       {"jim@other.example", 0},
      {"jim@backup.example", 0},     {"jim", 0},
      {"@example.org", 550},
  };
  for (const auto& [recipient, code] : rows) EXPECT_EQ(house.answer(recipient), code) << recipient;
}

TEST(ValidRecipients, AListNamesWhatTheSystemDoesNotKnow) {
  House house;
  house.write("validrcpttosystem", "strict\n");
  house.write("validrcptto", "jim@example.org\n-joe@example.org\n@backup.example\n");
  mkdir(house.path("joe").c_str(), 0755);
  house.assign("=joe:joe:1000:1000:" + house.path("joe") + ":::\n+:gone:7790:2108:" + house.path("gone") +
               ":-::\n");
  const std::pair<const char*, int> rows[] = {
      {"jim@example.org", 0}, {"joe@example.org", 553},  {"x@backup.example", 0},
      {"x@far.example", 553}, {"jack@example.org", 550},
  };
  for (const auto& [recipient, code] : rows) EXPECT_EQ(house.answer(recipient), code) << recipient;
}

TEST(ValidRecipients, WhatTheSystemCannotTellNowIsForLater) {
  House house;
  house.write("validrcpttosystem", "");
  house.files.write("users/cdb", "damaged");
  EXPECT_EQ(house.answer("joe@example.org"), 451);
}

TEST(ValidRecipients, WithoutQmailGetpwNobodyIsRefusedForGood) {
  House house;
  house.write("validrcpttosystem", "");
  EXPECT_EQ(house.answer("joe@example.org"), 451);
}

}  // namespace
}  // namespace qmail::features
