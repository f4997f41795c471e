#include <gtest/gtest.h>

#include "tests/support/feature_house.h"

namespace qmail::features {

smtpd::Configure configure_message_size;

namespace {

using test::code_of, test::FeatureHouse;

TEST(MessageSize, RefusesWhatSaysThatItIsTooLarge) {
  FeatureHouse house;
  house.write("announcesize", "1\n");
  house.facts.terms.longest_message = 1000;
  const auto feature = house.seat(configure_message_size);
  const std::pair<const char*, int> rows[] = {
      {"0", 0},
      {"1000", 0},
      {"1001", 552},
      {"99999999999999999999", 552},
      {"999999999999999999999", 501},
      {"", 501},
      {"x", 501},
      {"-1", 501},
      {"10x", 501},
      {"000000000000001000", 0},
  };
  for (const auto& [value, code] : rows) {
    const std::vector<smtpd::Parameter> given{{"BODY", "8BITMIME"}, {"size", value}};
    EXPECT_EQ(code_of(feature->parameters(smtpd::Request::mail, given)), code) << value;
    EXPECT_EQ(code_of(feature->parameters(smtpd::Request::rcpt, given)), 0) << value;
  }
}

TEST(MessageSize, WithoutALimitEverySizeIsRight) {
  FeatureHouse house;
  house.write("announcesize", "1\n");
  const auto feature = house.seat(configure_message_size);
  std::vector<std::string> keywords;
  feature->ehlo(keywords);
  EXPECT_EQ(keywords, std::vector<std::string>{"SIZE 0"});
  const std::vector<smtpd::Parameter> given{{"SIZE", "99999999999999999999"}};
  EXPECT_EQ(code_of(feature->parameters(smtpd::Request::mail, given)), 0);
}

TEST(MessageSize, IsAbsentUnlessItIsWanted) {
  FeatureHouse house;
  house.write("databytes", "1000\n");
  EXPECT_FALSE(house.seat(configure_message_size));
}

}  // namespace
}  // namespace qmail::features
