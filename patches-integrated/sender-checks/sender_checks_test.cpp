#include <gtest/gtest.h>

#include "patches-integrated/sender-checks/sender_domain.h"
#include "tests/support/feature_house.h"
#include "tests/support/scripted_resolver.h"

namespace qmail::features {

smtpd::Configure configure_sender_checks;

namespace {

using test::code_of, test::FeatureHouse;

TEST(SenderChecks, ADomainHasAnExchangerOrAnAddress) {
  test::ScriptedResolver resolver;
  resolver.exchangers["example.org"] = {{10, "mx.example.org"}};
  resolver.exchangers["null.example"] = {{0, ""}};
  resolver.hosts["null.example"] = {"192.0.2.1"};
  resolver.hosts["host.example"] = {"192.0.2.1"};
  resolver.failing = {"MX later.example", "A lame.example"};
  const std::pair<const char*, int> rows[] = {
      {"joe@example.org", 0},
      {"joe@Example.ORG", 0},
      {"joe@host.example", 0},
      {"joe@no.example", 553},
      {"joe@null.example", 553},
      {"joe@later.example", 451},
      {"joe@lame.example", 451},
      {"joe@[192.0.2.1]", 0},
      {"joe", 0},
      {"", 0},
      {"joe@", 553},
      {"a@no.example@example.org", 0},
  };
  for (const auto& [sender, code] : rows)
    EXPECT_EQ(code_of(judge_domain_of(sender, resolver)), code) << sender;
}

TEST(SenderChecks, NullSendersAreRefusedForNowWhereTheyAre) {
  FeatureHouse house;
  house.write("rejectnullsenders", "1\n");
  const auto feature = house.seat(configure_sender_checks);
  EXPECT_EQ(code_of(feature->mail({}, "")), 421);
  EXPECT_EQ(code_of(feature->mail({}, "joe@example.org")), 0);
  house.facts.environment = {{"REJECTNULLSENDERS", "0"}};
  EXPECT_FALSE(house.seat(configure_sender_checks));
}

TEST(SenderChecks, WhoHasLoggedInSendsUnderThatName) {
  FeatureHouse house;
  house.facts.environment = {{"FORCEAUTHMAILFROM", "1"}};
  const auto feature = house.seat(configure_sender_checks);
  EXPECT_EQ(code_of(feature->mail({}, "jim@example.org")), 0);
  house.facts.account = "joe@example.org";
  EXPECT_EQ(code_of(feature->mail({}, "jim@example.org")), 503);
  EXPECT_EQ(code_of(feature->mail({}, "")), 503);
  EXPECT_EQ(code_of(feature->mail({}, "Joe@Example.org")), 0);
}

TEST(SenderChecks, AreAbsentUnlessTheyAreWanted) {
  EXPECT_FALSE(FeatureHouse().seat(configure_sender_checks));
}

}  // namespace
}  // namespace qmail::features
