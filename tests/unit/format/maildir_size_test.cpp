#include "core/format/maildir_size.h"

#include <gtest/gtest.h>

namespace qmail {
namespace {

TEST(MaildirQuota, IsParsedWhole) {
  EXPECT_EQ(MaildirQuota::parse("100S,5C")->most, (MaildirAmount{100, 5}));
  EXPECT_EQ(MaildirQuota::parse("5C,100S")->text(), "100S,5C");
  EXPECT_EQ(MaildirQuota::parse("7C")->text(), "7C");
  EXPECT_EQ(MaildirQuota::parse("7S,0C")->text(), "7S");
  for (const char* text : {"", "S", "0S", "0S,0C", "5", "5X", "-5S", "5S,", ",5S", "5S 6C",
                           "99999999999999999999S", "9223372036854775807S"})
    EXPECT_EQ(MaildirQuota::parse(text), std::nullopt) << text;
}

TEST(MaildirQuota, IsExceededByMoreThanIt) {
  const auto quota = *MaildirQuota::parse("100S,5C");
  EXPECT_FALSE(quota.is_exceeded_by({100, 5}));
  EXPECT_TRUE(quota.is_exceeded_by({101, 1}));
  EXPECT_TRUE(quota.is_exceeded_by({1, 6}));
  EXPECT_FALSE(MaildirQuota::parse("5C")->is_exceeded_by({1000000, 5}));
}

TEST(MaildirQuota, KnowsHowMuchIsUsed) {
  const auto quota = *MaildirQuota::parse("150S,5C");
  EXPECT_FALSE(quota.is_used_to(90, {134, 4}));
  EXPECT_TRUE(quota.is_used_to(90, {135, 4}));
  EXPECT_TRUE(quota.is_used_to(80, {0, 4}));
  const auto large = *MaildirQuota::parse("1000000000000000S");
  EXPECT_FALSE(large.is_used_to(99, {989999999999999, 0}));
  EXPECT_TRUE(large.is_used_to(99, {2000000000000000000, 0}));
}

TEST(MaildirSizeFile, IsASum) {
  const auto size = parse_maildir_size("100S\n   10  2\n-4 -1\n 7 1   \n");
  EXPECT_EQ(size->amount, (MaildirAmount{13, 2}));
  EXPECT_EQ(size->line_count, 3U);
  EXPECT_EQ(parse_maildir_size("1C\n" + maildir_size_line({-3, -1}) + maildir_size_line({4, 1}))->amount,
            (MaildirAmount{1, 0}));
}

TEST(MaildirSizeFile, IsNotBelievedIfItMakesNoSense) {
  for (const char* text :
       {"", "100S\n", "100S", "100S\n1 1", "x\n1 1\n", "100S\n1\n", "100S\n1 1 1\n", "100S\n\n",
        "100S\n-1 0\n", "100S\n0 -1\n", "100S\n--1 1\n", "100S\n9223372036854775807 1\n"})
    EXPECT_FALSE(parse_maildir_size(text)) << text;
  EXPECT_FALSE(parse_maildir_size("100S\n" + std::string(longest_maildir_size, ' ') + "1 1\n"));
}

TEST(MaildirNames, TellSizesAndTrash) {
  EXPECT_EQ(size_in_name("1.M2P3.host,S=123:2,S"), 123);
  EXPECT_EQ(size_in_name("1,S=123,W=130"), 123);
  EXPECT_EQ(size_in_name("1.host" + size_mark(77)), 77);
  EXPECT_EQ(size_in_name("1.host:2,S"), std::nullopt);
  EXPECT_EQ(size_in_name("1,S=12x"), std::nullopt);
  EXPECT_EQ(size_in_name("1,S=-12"), std::nullopt);
  EXPECT_TRUE(is_trashed("1.host:2,ST"));
  EXPECT_FALSE(is_trashed("1.hosT:2,S"));
  EXPECT_FALSE(is_trashed("1.host"));
}

}  // namespace
}  // namespace qmail
