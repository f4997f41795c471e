#include <gtest/gtest.h>

#include "core/smtp/server_hook.h"
#include "patches-integrated/smtp-auth/checker_arguments.h"
#include "patches-integrated/smtp-auth/offer.h"
#include "patches-integrated/smtp-auth/sasl.h"

namespace qmail::smtp_auth {
namespace {

using namespace std::string_view_literals;
using Words = std::vector<std::string>;

TEST(SmtpAuthOffer, IsReadAsThePatchDoes) {
  const Offer plain{.plain = true}, cram{.cram_md5 = true}, both{.plain = true, .cram_md5 = true};
  const Offer forced{.plain = true, .is_required = true};
  EXPECT_EQ(parse_offer(""), plain);
  EXPECT_EQ(parse_offer("cram"), cram);
  EXPECT_EQ(parse_offer("+cram"), both);
  EXPECT_EQ(parse_offer("!"), forced);
  EXPECT_EQ(parse_offer("!cram"), (Offer{.cram_md5 = true, .is_required = true}));
  EXPECT_EQ(parse_offer("!+cram"), (Offer{.plain = true, .cram_md5 = true, .is_required = true}));
  EXPECT_EQ(parse_offer("-"), Offer());
}

TEST(SmtpAuthOffer, MayNameScram) {
  EXPECT_EQ(parse_offer("scram"), (Offer{.scram = true}));
  EXPECT_EQ(parse_offer("+SCRAM"), (Offer{.plain = true, .scram = true}));
  EXPECT_EQ(parse_offer("!+cram+scram"),
            (Offer{.plain = true, .cram_md5 = true, .scram = true, .is_required = true}));
}

TEST(SmtpAuthOffer, IsNothingElse) {
  for (const char* text :
       {"+", "!+", "cram+", "+cram+", "plain", "--", "-cram", "!!", "cram!", " ", "++cram"})
    EXPECT_EQ(parse_offer(text), std::nullopt) << text;
}

TEST(SmtpAuthSasl, PlainHasThreeParts) {
  const auto message = parse_plain("as\0joe\0secret"sv);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->acting_as, "as");
  EXPECT_EQ(message->login, "joe");
  EXPECT_EQ(message->password, "secret");
  EXPECT_TRUE(parse_plain("\0joe\0s"sv));
  for (const std::string_view wrong : {""sv, "\0"sv, "\0joe"sv, "\0joe\0"sv, "\0\0secret"sv, "joe\0secret"sv,
                                       "\0joe\0secret\0"sv, "\0joe\0sec\0ret"sv})
    EXPECT_FALSE(parse_plain(wrong)) << wrong;
}

TEST(SmtpAuthSasl, ACramResponseEndsWithTheDigest) {
  const auto response = parse_cram_response("joe user b913a602c7eda7a495b4e6e7334d3890");
  ASSERT_TRUE(response);
  EXPECT_EQ(response->login, "joe user");
  EXPECT_EQ(response->digest, "b913a602c7eda7a495b4e6e7334d3890");
  for (const std::string_view wrong :
       {""sv, " "sv, "joe"sv, "joe "sv, " digest"sv, "jo\0e digest"sv, "joe di\0gest"sv})
    EXPECT_FALSE(parse_cram_response(wrong)) << wrong;
}

CheckerArguments parse(const Words& words) {
  return parse_checker_arguments(words, {{"PATH", "/usr/bin:/bin"}});
}

TEST(SmtpAuthArguments, HaveTwoShapes) {
  EXPECT_EQ(parse({}).checker, Words());
  EXPECT_EQ(parse({"/bin/sh", "-c", "exit 1"}).checker, (Words{"/bin/sh", "-c", "exit 1"}));
  EXPECT_EQ(parse({"sh", "/bin/true"}).checker, (Words{"sh", "/bin/true"}));
  const auto with_host = parse({"mx.example.org", "/bin/sh", "/bin/true"});
  EXPECT_EQ(with_host.host, "mx.example.org");
  EXPECT_EQ(with_host.checker, (Words{"/bin/sh", "/bin/true"}));
  EXPECT_EQ(parse({"mx.example.org", "sh", "true"}).checker, (Words{"sh", "true"}));
  for (const Words& words :
       {Words{"/bin/sh", "true"}, Words{"sh", "/bin/true"}, Words{"mx.example.org", "sh", "true"}})
    EXPECT_EQ(parse(words).problem, "") << words[0];
}

TEST(SmtpAuthArguments, ThatLetEverybodyInAreAProblem) {
  for (const Words& words :
       {Words{"true"}, Words{"/bin/true"}, Words{"/bin/true", "/bin/true"}, Words{"mx.example.org", "true"},
        Words{"mx.example.org", "/bin/true", "true"}, Words{"mx.example.org", "true", "true"},
        Words{"echo", "true"}, Words{":"}, Words{"mx.example.org", ":", "true"},
        Words{"/nowhere/checker", "true"}, Words{"mx.example.org", "/nowhere/checker", "true"},
        Words{"/bin", "true"}, Words{"/etc/passwd", "true"}, Words{""}, Words{"sh", "true", "true"},
        Words{"cat", "/bin/sh", "/bin/true"}, Words{"mx.example.org"}})
    EXPECT_NE(parse(words).problem, "") << words[0] << " " << words.back();
}

TEST(SmtpAuthArguments, MayEndWithTrueOrNot) {
  EXPECT_EQ(without_true({"checker", "/bin/true"}), Words{"checker"});
  EXPECT_EQ(without_true({"checker", "true"}), Words{"checker"});
  EXPECT_EQ(without_true({"checker", "-x", "other"}), (Words{"checker", "-x", "other"}));
  EXPECT_EQ(without_true({"true"}), Words{"true"});
}

}  // namespace
}  // namespace qmail::smtp_auth
