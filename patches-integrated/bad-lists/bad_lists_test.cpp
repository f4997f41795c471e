#include <chrono>
#include <gtest/gtest.h>

#include "patches-integrated/bad-lists/bad_list.h"
#include "tests/support/feature_house.h"

namespace qmail::features {

smtpd::Configure configure_bad_lists;

namespace {

using test::code_of, test::FeatureHouse;

BadList list_of(const FeatureHouse& house, const std::string& lines) {
  house.write("list", lines);
  const Control control(house.home.sub("control"));
  BadList list(control, {"list"});
  EXPECT_TRUE(control.complaints().empty());
  return list;
}

TEST(BadList, TheFirstLineThatRefusesIsTold) {
  const FeatureHouse house;
  const BadList list = list_of(house, "# comment\nspam\n!@\n^bulk\n!\\.\n");
  const std::pair<const char*, std::optional<std::string_view>> rows[] = {
      {"joe@example.com", std::nullopt},
      {"spam@example.com", "spam"},
      {"joe", "!@"},
      {"spam", "spam"},
      {"bulk", "!@"},
      {"bulk@example.com", "^bulk"},
      {"joe@localhost", "!\\."},
      {"bulk@localhost", "^bulk"},
  };
  for (const auto& [text, line] : rows) EXPECT_EQ(list.find(text), line) << text;
}

TEST(BadList, AnExclamationMarkElsewhereIsOne) {
  const FeatureHouse house;
  const BadList list = list_of(house, "[!%]\n");
  EXPECT_TRUE(list.find("a!b"));
  EXPECT_FALSE(list.find("a.b"));
}

TEST(BadList, TheEndOfAHugeNameIsNotLookedAt) {
  const FeatureHouse house;
  const BadList list = list_of(house, "x$\n");
  EXPECT_TRUE(list.find(std::string(999, 'a') + "x"));
  EXPECT_FALSE(list.find(std::string(1000, 'a') + "x"));
}

TEST(BadList, TenThousandLinesTakeNoTimeToSpeakOf) {
  const FeatureHouse house;
  std::string lines;
  for (int i = 0; i < 10000; ++i)
    lines += "^bulk" + std::to_string(i) + "(\\+.*)?@([^@]+\\.)?spam\\.example$\n";
  const BadList list = list_of(house, lines);
  const std::string_view expected = "^bulk4321(\\+.*)?@([^@]+\\.)?spam\\.example$";
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 5; ++i) {
    EXPECT_FALSE(list.find("joe@mail.example.org"));
    EXPECT_EQ(list.find("bulk4321+x@a.spam.example"), expected);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
}

TEST(BadLists, AreAbsentWithoutAFileOfTheirs) {
  FeatureHouse house;
  house.write("badmailfrom", "joe@example.com\n");
  EXPECT_FALSE(house.seat(configure_bad_lists));
}

TEST(BadLists, WhoMayRelayAfterALoginIsNoOutsider) {
  FeatureHouse house;
  house.write("badmailfromnorelay", "@example\\.org$\n");
  const auto feature = house.seat(configure_bad_lists);
  ASSERT_TRUE(feature);
  feature->mail({}, "joe@example.org");
  EXPECT_EQ(code_of(feature->rcpt({}, "x", house.client)), 553);
  house.facts.terms.relay_suffix = "";
  feature->mail({}, "joe@example.org");
  EXPECT_EQ(code_of(feature->rcpt({}, "x", house.client)), 0);
}

TEST(BadLists, WhatAClientSaysReachesTheLogWithoutControlCharacters) {
  FeatureHouse house;
  house.write("badmailto", ".\n");
  const auto feature = house.seat(configure_bad_lists);
  feature->rcpt({}, "a\nqmail-smtpd: b\x1b[2J", house.client);
  EXPECT_EQ(house.notes, std::vector<std::string>{"badmailto: <a?qmail-smtpd: b?[2J> at unknown"});
}

}  // namespace
}  // namespace qmail::features
