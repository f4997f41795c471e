#include "core/programs/cmd5checkpw/check.h"

#include <gtest/gtest.h>

namespace qmail {
namespace {

bool proves(std::string_view password, std::string_view timestamp, std::string_view secret) {
  return is_proof({.login = "tim", .password = password, .timestamp = timestamp}, secret);
}

// RFC 2195, section 2.
constexpr std::string_view cram_challenge = "<1896.697170952@postoffice.reston.mci.net>";
constexpr std::string_view cram_response = "b913a602c7eda7a495b4e6e7334d3890";
constexpr std::string_view cram_secret = "tanstaaftanstaaf";
// RFC 1939, section 7.
constexpr std::string_view apop_challenge = "<1896.697170952@dbc.mtview.ca.us>";
constexpr std::string_view apop_response = "c4c9334bac560ecc979e58001b3e22fb";
constexpr std::string_view apop_secret = "tanstaaf";

TEST(Proof, IsAResponseInEitherOrder) {
  EXPECT_TRUE(proves(cram_response, cram_challenge, cram_secret));
  EXPECT_TRUE(proves(cram_challenge, cram_response, cram_secret));
  EXPECT_TRUE(proves(apop_response, apop_challenge, apop_secret));
}

TEST(Proof, IsThePassword) {
  EXPECT_TRUE(proves("secret", "", "secret"));
  EXPECT_TRUE(proves("secret", "<1.2@host>", "secret"));
  EXPECT_FALSE(proves("", "secret", "secret"));
  EXPECT_FALSE(proves("secre", "", "secret"));
  EXPECT_FALSE(proves("secrets", "", "secret"));
}

TEST(Proof, IsNothingElse) {
  EXPECT_FALSE(proves("", "", ""));
  EXPECT_FALSE(proves("", "<1.2@host>", ""));
  EXPECT_FALSE(proves(cram_response, cram_challenge, "another"));
  EXPECT_FALSE(proves(cram_response, "<another@challenge>", cram_secret));
  EXPECT_FALSE(proves(cram_response, "", cram_secret));
  EXPECT_FALSE(proves(cram_response.substr(1), cram_challenge, cram_secret));
  EXPECT_FALSE(proves("<x@y>", "<x@y>", "secret"));
}

}  // namespace
}  // namespace qmail
