#include "core/base/text.h"

#include <gtest/gtest.h>

namespace qmail {
namespace {

TEST(Text, ParsesOnlyWholeNumbersThatFit) {
  EXPECT_EQ(parse_number<unsigned>("0"), 0u);
  EXPECT_EQ(parse_number<unsigned>("4294967295"), 4294967295u);
  for (const char* bad : {"", "4294967296", "+1", "-1", " 1", "1 ", "1x", "x"})
    EXPECT_FALSE(parse_number<unsigned>(bad)) << bad;
}

TEST(Text, SplitsIntoOneMoreThanThereAreSeparators) {
  EXPECT_EQ(split("a::b", ':'), (std::vector<std::string_view>{"a", "", "b"}));
  EXPECT_EQ(split("", ':'), (std::vector<std::string_view>{""}));
}

TEST(Text, ComparesWithoutCaseInAsciiOnly) {
  EXPECT_TRUE(equal_nocase("POSTmaster", "postMASTER"));
  EXPECT_FALSE(equal_nocase("\xc4", "\xe4"));
  EXPECT_FALSE(equal_nocase("a", "ab"));
}

TEST(Text, IsPrintableOnceEverythingElseIsReplaced) {
  EXPECT_EQ(printable(" a~\t\x1b\x7f\xff\n", '?'), " a~?????");
}

}  // namespace
}  // namespace qmail
