#include "ucspi/lib/onward.h"

#include <array>
#include <gtest/gtest.h>

namespace qmail::ucspi {
namespace {

using namespace std::string_view_literals;

TEST(Onward, PassesAsAText) {
  const std::array all{
      Onward{.first = 0},
      Onward{.first = 7},
      Onward{.first = 0, .variables = {{"RBLSMTPD", "-go away = no"}}},
      Onward{.first = 2, .variables = {{"A", ""}, {"B", "two\nlines"}}},
  };
  for (const Onward& onward : all) EXPECT_EQ(parse_onward(encode_onward(onward)), onward);
  EXPECT_EQ(encode_onward(all[2]), "0\0RBLSMTPD=-go away = no\0"sv);
}

TEST(Onward, WhatAProcessGoneAstrayMightSayIsRefused) {
  for (const std::string_view text :
       {""sv, "run"sv, "3"sv, "\0"sv, "x\0"sv, "-1\0"sv, "1 \0"sv, "1x\0"sv, "99999999999999999999\0"sv,
        "1\0A=b"sv, "1\0A\0"sv, "1\0=b\0"sv, "1\0A=b\0\0"sv})
    EXPECT_FALSE(parse_onward(text)) << text;
}

}  // namespace
}  // namespace qmail::ucspi
