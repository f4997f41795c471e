#include <gtest/gtest.h>

#include "tests/support/feature_house.h"

namespace qmail::features {

smtpd::Configure configure_greet_delay;

namespace {

using namespace std::chrono_literals;
using test::code_of, test::FeatureHouse;
using Times = std::vector<std::chrono::milliseconds>;

TEST(GreetDelay, OnlyDelaysUnlessItIsToDrop) {
  FeatureHouse house;
  house.write("greetdelay", "5\n");
  house.client.is_hasty = true;
  EXPECT_EQ(code_of(house.seat(configure_greet_delay)->connect(house.client)), 0);
  EXPECT_EQ(house.client.paused, Times{5s});
  EXPECT_EQ(house.client.waited, Times{});
}

TEST(GreetDelay, DropsWhoDoesNotWait) {
  FeatureHouse house;
  house.write("greetdelay", "5\n");
  house.write("droppregreet", "1\n");
  const auto feature = house.seat(configure_greet_delay);
  EXPECT_EQ(code_of(feature->connect(house.client)), 0);
  house.client.is_hasty = true;
  EXPECT_EQ(code_of(feature->connect(house.client)), 554);
  EXPECT_EQ(house.client.waited, (Times{5s, 5s}));
  EXPECT_EQ(house.notes, std::vector<std::string>{"greetdelay: unknown did not wait for the greeting"});
}

TEST(GreetDelay, TheClientsEnvironmentCountsInstead) {
  FeatureHouse house;
  house.write("greetdelay", "5\n");
  house.facts.environment = {{"SMTPD_GREETDELAY", "0"}};
  EXPECT_FALSE(house.seat(configure_greet_delay));
  FeatureHouse other;
  other.facts.environment = {{"SMTPD_GREETDELAY", "99999999"}, {"DROP_PRE_GREET", "1"}};
  other.seat(configure_greet_delay)->connect(other.client);
  EXPECT_EQ(other.client.waited, Times{300s});
}

TEST(GreetDelay, IsAbsentWithoutADelay) {
  FeatureHouse house;
  house.write("droppregreet", "1\n");
  EXPECT_FALSE(house.seat(configure_greet_delay));
}

}  // namespace
}  // namespace qmail::features
