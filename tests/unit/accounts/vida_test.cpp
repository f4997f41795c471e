#include "core/accounts/vida.h"

#include <gtest/gtest.h>

#include "core/format/cdb.h"
#include "tests/support/temp_home.h"

namespace qmail::accounts::vida {
namespace {

TEST(VidaRecord, ReadsWhatItWrites) {
  for (const Record& record : {Record{"$y$x", "joe", std::nullopt}, Record{"", ".", std::nullopt},
                               Record{"!", "a/b", "pass:word"}, Record{"*", "joe", ""}})
    EXPECT_EQ(parse_record(bytes_of(record)), record) << bytes_of(record);
}

TEST(VidaRecord, LeadsNowhereElse) {
  for (const char* home : {"", "/", "/etc", "..", "../joe", "joe/..", "a/../b", "a//b", "joe/", "jo\ne"})
    EXPECT_EQ(parse_record(std::string("x:") + home), std::nullopt) << home;
  EXPECT_EQ(parse_record("x"), std::nullopt);
  EXPECT_EQ(parse_record(std::string("x:jo\0e", 6)), std::nullopt);
}

TEST(VidaRecord, MayHoldKeysInFrontOfASecret) {
  const std::string keys =
      "{SCRAM-SHA-256}4096,AAAA,WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=,"
      "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";
  for (const std::string& data : {"h:joe:" + keys, "h:joe:" + keys + ":secret",
                                  "h:joe:" + keys + "::", std::string("h:joe:secret:more")}) {
    const auto record = parse_record(data);
    ASSERT_TRUE(record) << data;
    EXPECT_EQ(bytes_of(*record), data);
    EXPECT_EQ(record->scram.has_value(), data.find('{') != std::string::npos) << data;
  }
  EXPECT_EQ(parse_record("h:joe:" + keys + ":secret")->secret, "secret");
  EXPECT_FALSE(parse_record("h:joe:" + keys)->secret);
  // What only begins like keys is a secret, as it always was.
  EXPECT_EQ(parse_record("h:joe:{SCRAM-SHA-256}x:y")->secret, "{SCRAM-SHA-256}x:y");
}

TEST(VidaUsers, AreFoundInTheFileMadeOfThem) {
  const Users users{{"ann", {"h1", "ann", std::nullopt}}, {"joe", {"h2", "joe", "secret"}}};
  const std::string cdb = build_users(users).value();
  EXPECT_EQ(parse_users(cdb), users);
  EXPECT_EQ(CdbView(cdb).find("joe"), "h2:joe:secret");
  EXPECT_EQ(parse_users(build_users({}).value()), Users());
}

TEST(VidaUsers, AreNotTakenFromWhatIsDamagedOrSomethingElse) {
  const std::string cdb = build_users({{"joe", {"h", "joe", std::nullopt}}}).value();
  EXPECT_EQ(parse_users(""), std::nullopt);
  EXPECT_EQ(parse_users(cdb.substr(0, cdb.size() - 1)), std::nullopt);
  CdbBuilder other;
  other.add("joe", "no record");
  EXPECT_EQ(parse_users(other.finish()), std::nullopt);
  CdbBuilder twice;
  twice.add("joe", "h:joe");
  twice.add("joe", "h:joe");
  EXPECT_EQ(parse_users(twice.finish()), std::nullopt);
}

class Places : public testing::Test {
 protected:
  Places() {
    home_.write("control/virtualdomains",
                "example.org:pop\nshop.example:pop-shop-two\n.suffix.example:pop\nplain.example:\n"
                "boss@example.org:boss\n");
    home_.write("control/locals", "here.example\n");
  }
  std::vector<Place> of(std::string_view login, const Reading& reading = {}) const {
    return places_of(login, reading, Control(home_.open().sub("control")));
  }
  test::TempHome home_;
};

using List = std::vector<Place>;

TEST_F(Places, AreThoseOfMailForTheDomain) {
  EXPECT_EQ(of("joe@example.org"), (List{{"pop", "joe"}}));
  EXPECT_EQ(of("Joe%Example.Org"), (List{{"pop", "joe"}}));
  EXPECT_EQ(of("joe@a.suffix.example"), (List{{"pop", "joe"}}));
  EXPECT_EQ(of("boss@example.org"), (List{{"boss", "boss"}}));
  EXPECT_EQ(of("joe@shop.example"),
            (List{{"pop-shop-two", "joe"}, {"pop-shop", "two-joe"}, {"pop", "shop-two-joe"}}));
}

TEST_F(Places, OfSystemUsersAreTheirOwn) {
  EXPECT_EQ(of("joe"), (List{{"joe", "joe"}}));
  EXPECT_EQ(of("joe@here.example"), (List{{"joe", "joe"}}));
  EXPECT_EQ(of("joe@plain.example"), List{});  // no virtual domain, and none of locals
}

TEST_F(Places, AreTheOwnersThatTheEnvironmentNames) {
  const Reading reading = Reading::of({{"DOMAINOWNER", "pop"}});
  EXPECT_EQ(of("joe", reading), (List{{"pop", "joe"}}));
  EXPECT_EQ(of("joe@anything", reading), (List{{"pop", "joe"}}));
}

TEST_F(Places, AreCutAtTheLastDelimiter) {
  const Reading reading = Reading::of({{"DOMAINDELIMITERS", "+%"}});
  EXPECT_EQ(of("joe+example.org", reading), (List{{"pop", "joe"}}));
  EXPECT_EQ(of("joe@example.org", reading), (List{{"joe@example.org", "joe@example.org"}}));
  EXPECT_EQ(of("joe@x@example.org"), (List{{"pop", "joe@x"}}));
  EXPECT_EQ(of("joe", Reading::of({{"DOMAINDELIMITERS", ""}})), (List{{"joe", "joe"}}));
}

TEST_F(Places, AreNoneForWhatIsNoName) {
  for (const char* login : {"", "@example.org", "../joe@example.org", "a/b@example.org",
                            "joe@elsewhere.example", "-x@example.org", "jo e@example.org", "joe@"})
    EXPECT_EQ(of(login), List{}) << login;
}

}  // namespace
}  // namespace qmail::accounts::vida
