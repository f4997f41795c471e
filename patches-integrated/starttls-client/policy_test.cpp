#include "patches-integrated/starttls-client/policy.h"

#include <gtest/gtest.h>

namespace qmail::features::starttls_client {
namespace {

const std::string fingerprint(64, 'a');

/// The policy for a host as text; "bad LINE" for a line that makes no sense.
std::string find(const Policies& policies, std::string_view host) {
  const auto found = policies.find(host);
  if (const auto* line = std::get_if<BadLine>(&found)) return "bad " + line->text;
  return text_of(std::get<Policy>(found));
}

TEST(Policy, IsOneOfTheKinds) {
  for (const std::string& text :
       {std::string("none"), std::string("may"), std::string("encrypt"), std::string("verify"),
        std::string("verify:mx.example"), "fingerprint:" + fingerprint,
        "fingerprint:" + fingerprint + "," + fingerprint}) {
    const auto policy = parse_policy(text);
    ASSERT_TRUE(policy) << text;
    EXPECT_EQ(text_of(*policy), text);
  }
  EXPECT_EQ(parse_policy("ENCRYPT"), Policy{Kind::encrypt});
}

TEST(Policy, IsNothingElse) {
  for (const std::string& text : {std::string(),
                                  std::string(":"),
                                  std::string("maybe"),
                                  std::string("may "),
                                  std::string(" may"),
                                  std::string("may:"),
                                  std::string("may:x"),
                                  std::string("none:x"),
                                  std::string("encrypt:mx.example"),
                                  std::string("verify:"),
                                  std::string("verify:a b"),
                                  std::string("verify:mx.example:x"),
                                  "verify:" + std::string(5000, 'a'),
                                  std::string("fingerprint"),
                                  std::string("fingerprint:"),
                                  std::string("fingerprint:abc"),
                                  "fingerprint:" + fingerprint + ",",
                                  "fingerprint:" + fingerprint + "g",
                                  std::string("dane"),
                                  std::string("sts"),
                                  std::string("encrypt\0", 8),
                                  std::string("verify:a\0", 9)})
    EXPECT_FALSE(parse_policy(text)) << text;
}

/// Whatever stands in the file is a policy or a line that makes no sense, for each host.
TEST(Policies, TakeAnyBytes) {
  std::string line;
  for (const char* start : {"", "a", "a:", "a:verify", "a:verify:", "a:fingerprint:", "[", "[::1]", "[::1]:"})
    for (int byte = 0; byte < 256; ++byte) {
      line = start + std::string(1, static_cast<char>(byte));
      const Policies policies = Policies::of({line});
      for (const std::string_view host : {"", "a", ".", "..", "a.a", "[", "[::1]", "::1", "[192.0.2.1]"})
        find(policies, host);
      EXPECT_NE(find(policies, "b.example"), "") << line;
    }
}

TEST(Policies, AreFoundByTheSuffixRule) {
  const Policies policies = Policies::of(
      {"Example.org:encrypt", ".example.org:verify", "mx.example.org:none", ":verify:all.example"});
  EXPECT_EQ(find(policies, "example.ORG"), "encrypt");
  EXPECT_EQ(find(policies, "a.b.example.org"), "verify");
  EXPECT_EQ(find(policies, "MX.example.org"), "none");
  EXPECT_EQ(find(policies, "elsewhere.example"), "verify:all.example");
}

TEST(Policies, AreOpportunisticWhereNoLineSpeaks) {
  EXPECT_EQ(find(Policies::of({}), "example.org"), "may");
  EXPECT_EQ(find(Policies::of({"example.org:encrypt"}), "example.com"), "may");
}

TEST(Policies, KnowAnAddressInEveryForm) {
  const Policies policies =
      Policies::of({"[192.0.2.7]:encrypt", "[2001:DB8:0::1]:none", "192.0.2.8:verify:a"});
  for (const std::string_view host : {"192.0.2.7", "[192.0.2.7]"}) EXPECT_EQ(find(policies, host), "encrypt");
  for (const std::string_view host : {"2001:db8::1", "[2001:db8::1]", "[IPv6:2001:db8::1]"})
    EXPECT_EQ(find(policies, host), "none") << host;
  EXPECT_EQ(find(policies, "[192.0.2.8]"), "verify:a");
}

TEST(Policies, NameTheLineThatMakesNoSenseToWhomItIsFor) {
  const Policies policies = Policies::of({"example.org:encript", "example.com", ".example.net:verify:"});
  EXPECT_EQ(find(policies, "example.org"), "bad example.org:encript");
  EXPECT_EQ(find(policies, "example.com"), "bad example.com");
  EXPECT_EQ(find(policies, "a.example.net"), "bad .example.net:verify:");
  EXPECT_EQ(find(policies, "example.info"), "may");
}

TEST(Policies, CountTheLaterOfTwoLines) {
  EXPECT_EQ(find(Policies::of({"example.org:none", "example.org:encrypt"}), "example.org"), "encrypt");
}

TEST(Policy, SaysWhatIsAskedOfTheTlsProcess) {
  EXPECT_EQ(request_for({Kind::may}, "mx.example").verify, tls::Verify::none);
  EXPECT_EQ(request_for({Kind::encrypt}, "mx.example").name, "mx.example");
  EXPECT_EQ(request_for({Kind::verify}, "mx.example").verify, tls::Verify::name);
  EXPECT_EQ(request_for({Kind::verify}, "mx.example").name, "mx.example");
  EXPECT_EQ(request_for({Kind::verify, "other.example"}, "mx.example").name, "other.example");
  EXPECT_EQ(request_for({Kind::fingerprint, fingerprint}, "mx.example").sha256, fingerprint);
  EXPECT_EQ(request_for({Kind::fingerprint, fingerprint}, "mx.example").verify, tls::Verify::sha256);
}

}  // namespace
}  // namespace qmail::features::starttls_client
