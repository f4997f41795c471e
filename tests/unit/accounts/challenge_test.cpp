#include "core/accounts/challenge.h"

#include <gtest/gtest.h>

namespace qmail::accounts {
namespace {

TEST(Challenge, IsAnsweredAsInTheExamplesOfItsStandards) {
  EXPECT_TRUE(
      is_response("c4c9334bac560ecc979e58001b3e22fb", "<1896.697170952@dbc.mtview.ca.us>", "tanstaaf"));
  EXPECT_TRUE(is_response("b913a602c7eda7a495b4e6e7334d3890", "<1896.697170952@postoffice.reston.mci.net>",
                          "tanstaaftanstaaf"));
  EXPECT_TRUE(
      is_response("C4C9334BAC560ECC979E58001B3E22FB", "<1896.697170952@dbc.mtview.ca.us>", "tanstaaf"));
}

TEST(Challenge, IsNotAnsweredByAnythingElse) {
  const char* challenge = "<1896.697170952@dbc.mtview.ca.us>";
  EXPECT_FALSE(is_response("c4c9334bac560ecc979e58001b3e22fc", challenge, "tanstaaf"));
  EXPECT_FALSE(is_response("tanstaaf", challenge, "tanstaaf"));
  EXPECT_FALSE(is_response("", challenge, "tanstaaf"));
  EXPECT_FALSE(is_response("c4c9334bac560ecc979e58001b3e22fb", "<other>", "tanstaaf"));
}

TEST(Challenge, MustBeThereAndSoMustTheSecret) {
  EXPECT_FALSE(is_response("d41d8cd98f00b204e9800998ecf8427e", "", ""));
  EXPECT_FALSE(is_response("900150983cd24fb0d6963f7d28e17f72", "", "abc"));
  EXPECT_FALSE(is_response("900150983cd24fb0d6963f7d28e17f72", "abc", ""));
}

}  // namespace
}  // namespace qmail::accounts
