#include "core/format/tai64n.h"

#include <gtest/gtest.h>

namespace qmail {
namespace {

TEST(Tai64n, IsTenSecondsAheadOf1970) {
  EXPECT_EQ(tai64n(0, 0), "@400000000000000a00000000");
  EXPECT_EQ(tai64n(935467445, 787492500), "@4000000037c219bf2ef02e94");
}

TEST(Tai64n, IsReadAsItWasWritten) {
  for (const LogTime& time : {LogTime{0, 0, 9}, LogTime{935467445, 787492500, 9}, LogTime{1, 999999999, 9}}) {
    const std::string text = tai64n(time.seconds, time.nanoseconds) + " tail";
    std::string_view rest = text;
    EXPECT_EQ(take_tai64n(rest), time);
    EXPECT_EQ(rest, " tail");
  }
}

TEST(Tai64n, IsNothingElse) {
  for (const std::string_view text :
       {"", "@", "@4000000037c219bf2ef02e9", "4000000037c219bf2ef02e94", "@4000000037c219bF2ef02e94",
        "@4000000037c219bf3b9aca00", "@400000000000000900000000", "@7fffffffffffffff00000000"}) {
    std::string_view rest = text;
    EXPECT_EQ(take_tai64n(rest), std::nullopt) << text;
    EXPECT_EQ(rest, text);
  }
}

}  // namespace
}  // namespace qmail
