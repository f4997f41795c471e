#include <gtest/gtest.h>

#include "tests/support/feature_house.h"

namespace qmail::features {

smtpd::Configure configure_tarpit;

namespace {

using namespace std::chrono_literals;
using test::FeatureHouse;
using Times = std::vector<std::chrono::milliseconds>;

TEST(Tarpit, SlowsDownWhatIsBeyondTheFreeRecipients) {
  FeatureHouse house;
  house.write("tarpitcount", "2\n");
  const auto feature = house.seat(configure_tarpit);
  for (const std::size_t accepted : {0U, 1U}) EXPECT_FALSE(feature->rcpt({"", accepted}, "x", house.client));
  EXPECT_EQ(house.client.paused, Times{});
  for (const std::size_t accepted : {2U, 3U}) EXPECT_FALSE(feature->rcpt({"", accepted}, "x", house.client));
  EXPECT_EQ(house.client.paused, (Times{5s, 5s}));
}

TEST(Tarpit, TheClientsEnvironmentCountsInstead) {
  FeatureHouse house;
  house.write("tarpitcount", "2\n");
  house.facts.environment = {{"TARPITCOUNT", "1"}, {"TARPITDELAY", "100000"}};
  house.seat(configure_tarpit)->rcpt({"", 1}, "x", house.client);
  EXPECT_EQ(house.client.paused, Times{300s});
  house.facts.environment = {{"TARPITCOUNT", "0"}};
  EXPECT_FALSE(house.seat(configure_tarpit));
}

TEST(Tarpit, IsAbsentWithoutACountAndWithoutADelay) {
  EXPECT_FALSE(FeatureHouse().seat(configure_tarpit));
  FeatureHouse house;
  house.write("tarpitcount", "2\n");
  house.write("tarpitdelay", "0\n");
  EXPECT_FALSE(house.seat(configure_tarpit));
}

}  // namespace
}  // namespace qmail::features
