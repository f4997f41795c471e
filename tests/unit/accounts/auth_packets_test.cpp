#include "core/accounts/auth_packets.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace qmail::accounts {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

/// With NULs in the place of bars: "\0" with a digit behind it is something else.
std::string with_nuls(std::string text) {
  std::replace(text.begin(), text.end(), '|', '\0');
  return text;
}

TEST(Question, IsReadAsItIsWritten) {
  const std::string_view claim = "joe\0secret\0\0"sv;
  for (const char* text : {"192.0.2.1", "2001:db8::1"}) {
    const std::string packet = encode_question({.address = Ip::parse(text), .claim = claim});
    const auto question = parse_question(packet);
    ASSERT_TRUE(question);
    EXPECT_EQ(question->address->text(), text);
    EXPECT_EQ(question->claim, claim);
  }
  const auto unknown = parse_question(encode_question({.address = std::nullopt, .claim = claim}));
  ASSERT_TRUE(unknown);
  EXPECT_FALSE(unknown->address);
  EXPECT_FALSE(unknown->wants_salt);
  const std::string_view login_alone = "joe\0\0\0"sv;
  const std::string packet =
      encode_question({.address = Ip::parse("192.0.2.1"), .claim = login_alone, .wants_salt = true});
  const auto about_salt = parse_question(packet);
  ASSERT_TRUE(about_salt);
  EXPECT_TRUE(about_salt->wants_salt);
  EXPECT_EQ(about_salt->claim, login_alone);
  EXPECT_FALSE(parse_question("salt\0\0joe\0password\0\0"sv));
}

TEST(Question, ThatIsNoneIsRefused) {
  const std::string long_claim = "joe\0"s + std::string(507, 'x') + "\0"s;
  EXPECT_TRUE(parse_question("192.0.2.1\0"s + long_claim));
  EXPECT_FALSE(parse_question("192.0.2.1\0"s + long_claim + "x"));
  for (const std::string_view packet :
       {""sv, "192.0.2.1"sv, "192.0.2.1\0"sv, "192.0.2.1\0joe\0"sv, "192.0.2.1\0joe\0secret"sv,
        "192.0.2\0joe\0secret\0"sv, "joe\0secret\0x\0"sv, " \0joe\0secret\0"sv,
        "192.0.2.1 \0joe\0secret\0"sv})
    EXPECT_FALSE(parse_question(packet)) << packet;
}

TEST(User, IsReadAsItIsWritten) {
  const AuthUser user{{1000, 100}, "/home/joe", {{"USER", "joe"}, {"EMPTY", ""}, {"LINES", "a\nb=c"}}};
  const auto again = parse_user(encode_user(user));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->identity, user.identity);
  EXPECT_EQ(again->directory, user.directory);
  EXPECT_EQ(again->environment.entries(), user.environment.entries());
}

TEST(User, ThatIsNoneIsRefused) {
  EXPECT_TRUE(parse_user(with_nuls("1000|100|/home|USER=joe|")));
  for (const char* bytes :
       {"", "1000|", "1000|100|", "1000|100|/home", "|100|/home|", "1000||/home|", "-1|100|/home|",
        "4294967296|100|/home|", "1000|100|home|", "1000|100||", "1000|100|/home|USER|",
        "1000|100|/home|USER=joe", "1000|100|/home|=joe|", "1000|100|/home||"})
    EXPECT_FALSE(parse_user(with_nuls(bytes))) << bytes;
  EXPECT_FALSE(parse_user(with_nuls("1000|100|/" + std::string(longest_user, 'x') + "|")));
}

TEST(Answer, IsReadAsItIsWritten) {
  using Verdict = AuthAnswer::Verdict;
  EXPECT_EQ(parse_answer(encode_answer({}))->verdict, Verdict::later);
  EXPECT_EQ(parse_answer(encode_answer({.verdict = Verdict::no}))->verdict, Verdict::no);
  const auto yes = parse_answer(encode_answer({Verdict::yes, AuthUser{{1, 2}, "/", {}}}));
  ASSERT_TRUE(yes);
  EXPECT_EQ(yes->verdict, Verdict::yes);
  EXPECT_EQ(yes->user->directory, "/");
  const auto salt = parse_answer(encode_answer({.verdict = Verdict::salt, .salting = {"salt", 5000}}));
  ASSERT_TRUE(salt);
  EXPECT_EQ(salt->verdict, Verdict::salt);
  EXPECT_EQ(salt->salting, (Salting{"salt", 5000}));
  for (const std::string_view packet :
       {""sv, "y"sv, "nn"sv, "no"sv, "x"sv, "yes"sv, "l\0"sv, "s"sv, "s1,AAAA"sv})
    EXPECT_FALSE(parse_answer(packet)) << packet;
}

}  // namespace
}  // namespace qmail::accounts
