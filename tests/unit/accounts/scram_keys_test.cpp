#include "core/accounts/scram_keys.h"

#include <gtest/gtest.h>

#include "core/format/base64.h"
#include "core/format/scram.h"

namespace qmail::accounts {
namespace {

constexpr const char* keys_text =
    "4096,W22ZaJ0SNY7soEsUEjb6gQ==,WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=,"
    "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";
constexpr std::string_view right_password = "pencil";
constexpr std::string_view to_sign = "n=joe,r=abc,r=abcdef,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r=abcdef";

std::string proof_of(std::string_view claimed, const Salting& salting) {
  return encode_base64(
      scram::client_proof(scram::salted_password(claimed, salting.salt, salting.iterations), to_sign));
}

TEST(ScramKeys, AreReadAsTheyAreWritten) {
  const auto keys = parse_scram_keys(keys_text);
  ASSERT_TRUE(keys);
  EXPECT_EQ(text_of(*keys), keys_text);
  EXPECT_EQ(text_of(keys->salting), "4096,W22ZaJ0SNY7soEsUEjb6gQ==");
  EXPECT_EQ(parse_salting(text_of(keys->salting)), keys->salting);
}

TEST(ScramKeys, AreNothingElse) {
  const std::string right = keys_text;
  for (const std::string& wrong :
       {std::string(), right + ",", right + "=", right.substr(1), right.substr(0, right.size() - 4),
        "1," + right.substr(5), "4096," + right.substr(30), "4096,," + right.substr(30)})
    EXPECT_FALSE(parse_scram_keys(wrong)) << wrong;
  for (const char* wrong :
       {"", "4096", "4096,", "4095,AAAA", "2000000,AAAA", "4096,AAA", "4096,AAAA,", "-1,AAAA"})
    EXPECT_FALSE(parse_salting(wrong)) << wrong;
}

TEST(ScramKeys, AnswerWhoKnowsThePassword) {
  const auto keys = parse_scram_keys(keys_text);
  const std::string proof = proof_of(right_password, keys->salting);
  const auto answer = answer_to_proof({"joe", proof, to_sign}, *keys);
  ASSERT_TRUE(answer);
  EXPECT_EQ(*answer, scram::server_final(scram::server_signature(keys->server, to_sign)));
}

TEST(ScramKeys, AnswerNobodyElse) {
  const auto keys = parse_scram_keys(keys_text);
  const std::string proof = proof_of(right_password, keys->salting);
  const std::string wrong = proof_of("pencils", keys->salting);
  EXPECT_FALSE(answer_to_proof({"joe", wrong, to_sign}, *keys));
  EXPECT_FALSE(answer_to_proof({"joe", proof, "another exchange"}, *keys));
  EXPECT_FALSE(answer_to_proof({"joe", proof, ""}, *keys));
  EXPECT_FALSE(answer_to_proof({"joe", right_password, to_sign}, *keys));
  EXPECT_FALSE(answer_to_proof({"joe", encode_base64(keys->stored), to_sign}, *keys));
  EXPECT_FALSE(answer_to_proof({"joe", "", to_sign}, *keys));
}

TEST(ScramKeys, AreOthersForTheSamePassword) {
  const ScramKeys one = make_scram_keys(right_password), other = make_scram_keys(right_password);
  EXPECT_NE(one.salting.salt, other.salting.salt);
  EXPECT_NE(one.stored, other.stored);
  EXPECT_EQ(parse_scram_keys(text_of(one)), one);
  EXPECT_TRUE(answer_to_proof({"joe", proof_of(right_password, one.salting), to_sign}, one));
}

TEST(ScramKeys, OfNobodyLookLikeSomebodys) {
  const Salting nobodys = likely_salting("nobody", "secret"), real = make_scram_keys(right_password).salting;
  EXPECT_EQ(nobodys, likely_salting("nobody", "secret"));
  EXPECT_NE(nobodys, likely_salting("anybody", "secret"));
  EXPECT_NE(nobodys, likely_salting("nobody", "another secret"));
  EXPECT_EQ(nobodys.iterations, real.iterations);
  EXPECT_EQ(nobodys.salt.size(), real.salt.size());
}

}  // namespace
}  // namespace qmail::accounts
