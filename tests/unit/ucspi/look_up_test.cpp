#include "ucspi/tcpserver/look_up.h"

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"
#include "tests/support/scripted_resolver.h"
#include "ucspi/tcpserver/name_cache.h"

namespace qmail::ucspi {
namespace {

const Ip client_ip = Ip::parse("192.0.2.1").value();

TEST(Finding, PassesAsAPacket) {
  const auto read = parse_finding(encode_finding({Item::remote_host, 3600, "mx.example"}));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->item, Item::remote_host);
  EXPECT_EQ(read->ttl, 3600U);
  EXPECT_EQ(read->text, "mx.example");
  EXPECT_TRUE(parse_finding(encode_finding({Item::local_host, 0, ""})));
}

TEST(Finding, WhatAProcessGoneAstrayMightSendIsRefused) {
  const std::string packet = encode_finding({Item::remote_info, 1, "joe"});
  EXPECT_FALSE(parse_finding(""));
  EXPECT_FALSE(parse_finding(packet.substr(0, 4)));
  EXPECT_FALSE(parse_finding("x" + packet.substr(1)));
  EXPECT_FALSE(parse_finding(packet + std::string(2000, 'x')));
  EXPECT_FALSE(parse_finding(packet + std::string(1, '\0')));
  EXPECT_TRUE(parse_finding(encode_finding({Item::remote_host, 1, std::string(5000, 'x')})));
}

class FindNameTest : public testing::Test {
 protected:
  std::string find(bool paranoid) {
    const Finding finding = find_name(resolver_, Item::remote_host, client_ip, paranoid);
    return finding.text + "/" + std::to_string(finding.ttl);
  }
  test::ScriptedResolver resolver_;
};

TEST_F(FindNameTest, TheNameIsTheFirstAndInLowerCase) {
  resolver_.pointers["192.0.2.1"] = {"MX.Example", "other.example"};
  EXPECT_EQ(find(false), "mx.example/60");
}

TEST_F(FindNameTest, ANoIsKeptAndAFailureForAMoment) {
  EXPECT_EQ(find(false), "/60");
  resolver_.ttl = 0;
  EXPECT_EQ(find(false), "/5");
  resolver_.failing = {"PTR 192.0.2.1"};
  EXPECT_EQ(find(false), "/5");
}

TEST_F(FindNameTest, ParanoidTheNameMustHaveTheAddress) {
  resolver_.pointers["192.0.2.1"] = {"MX.Example"};
  EXPECT_EQ(find(true), "/60");
  resolver_.hosts["mx.example"] = {"192.0.2.7", "192.0.2.1"};
  EXPECT_EQ(find(true), "mx.example/60");
  resolver_.failing = {"A MX.Example"};
  EXPECT_EQ(find(true), "/5");
}

TEST(NameCache, KeepsANameAsLongAsItMay) {
  test::FakeClock clock(100);
  NameCache cache(clock);
  EXPECT_EQ(cache.find(client_ip, Item::remote_host), std::nullopt);
  cache.put(client_ip, {Item::remote_host, 10, "mx.example"});
  cache.put(client_ip, {Item::local_host, 10, ""});
  EXPECT_EQ(cache.find(client_ip, Item::remote_host), "mx.example");
  EXPECT_EQ(cache.find(client_ip, Item::local_host), "");
  clock.advance(9);
  EXPECT_EQ(cache.find(client_ip, Item::remote_host), "mx.example");
  clock.advance(1);
  EXPECT_EQ(cache.find(client_ip, Item::remote_host), std::nullopt);
}

TEST(NameCache, WhatMayNotBeKeptIsNot) {
  test::FakeClock clock(100);
  NameCache cache(clock);
  cache.put(client_ip, {Item::remote_host, 0, "mx.example"});
  EXPECT_EQ(cache.find(client_ip, Item::remote_host), std::nullopt);
  cache.put(client_ip, {Item::remote_host, 0xffffffff, "mx.example"});
  clock.advance(NameCache::longest_seconds);
  EXPECT_EQ(cache.find(client_ip, Item::remote_host), std::nullopt);
  cache.put(client_ip, {Item::remote_host, 10, "mx.example"});
  cache.clear();
  EXPECT_EQ(cache.find(client_ip, Item::remote_host), std::nullopt);
}

}  // namespace
}  // namespace qmail::ucspi
