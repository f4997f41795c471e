#include <gtest/gtest.h>

#include "tests/support/feature_house.h"

namespace qmail::features {

smtpd::Configure configure_recipient_limit;

namespace {

using test::code_of, test::FeatureHouse;

TEST(RecipientLimit, RefusesForNowWhatIsBeyondIt) {
  FeatureHouse house;
  house.write("maxrcpt", "2\n");
  const auto feature = house.seat(configure_recipient_limit);
  ASSERT_TRUE(feature);
  EXPECT_EQ(code_of(feature->rcpt({"joe@example.com", 1}, "a", house.client)), 0);
  EXPECT_EQ(code_of(feature->rcpt({"joe@example.com", 2}, "a", house.client)), 452);
  EXPECT_EQ(code_of(feature->rcpt({"joe@example.com", 3}, "a", house.client)), 452);
}

TEST(RecipientLimit, IsAbsentWithoutANumber) {
  for (const char* text : {"", "0\n", "many\n", "-1\n", "99999999999999999999999\n"}) {
    FeatureHouse house;
    house.write("maxrcpt", text);
    EXPECT_FALSE(house.seat(configure_recipient_limit)) << text;
  }
  EXPECT_FALSE(FeatureHouse().seat(configure_recipient_limit));
}

}  // namespace
}  // namespace qmail::features
