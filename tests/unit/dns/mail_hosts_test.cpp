#include "core/dns/mail_hosts.h"

#include <gtest/gtest.h>

#include "tests/support/scripted_resolver.h"

namespace qmail::dns {
namespace {

class MailHostsTest : public testing::Test {
 protected:
  std::string find(const std::string& domain) {
    const MailHosts found = find_mail_hosts(resolver_, domain, [this] { return random_--; });
    std::string text(1, "fnt"[static_cast<int>(found.status)]);
    for (const MailHost& host : found.records)
      text += " " + std::to_string(host.preference) + ":" + host.ip.text();
    return text;
  }
  test::ScriptedResolver resolver_;
  std::uint32_t random_ = 1000;
};

TEST_F(MailHostsTest, TriesTheLowestPreferenceFirstAndIpv4BeforeIpv6) {
  resolver_.exchangers["example"] = {{20, "b.example"}, {5, "a.example"}};
  resolver_.hosts["a.example"] = {"192.0.2.1", "2001:db8::1"};
  resolver_.hosts["b.example"] = {"192.0.2.2"};
  EXPECT_EQ(find("example"), "f 5:192.0.2.1 5:2001:db8::1 20:192.0.2.2");
}

TEST_F(MailHostsTest, ShufflesEqualPreferences) {
  resolver_.exchangers["example"] = {{5, "a.example"}, {5, "b.example"}, {1, "c.example"}};
  for (const char* name : {"a", "b", "c"})
    resolver_.hosts[std::string(name) + ".example"] = {"::" + std::string(name)};
  EXPECT_EQ(find("example"), "f 1:::c 5:::b 5:::a");
  const MailHosts other = find_mail_hosts(resolver_, "example", [n = 0u]() mutable { return n++; });
  EXPECT_EQ(other.records[1].ip.text(), "::a");
}

TEST_F(MailHostsTest, UsesTheDomainItselfWithoutExchangers) {
  resolver_.hosts["example"] = {"192.0.2.1"};
  EXPECT_EQ(find("example"), "f 0:192.0.2.1");
  EXPECT_EQ(find("other"), "n");
}

TEST_F(MailHostsTest, TakesAddressesAsTheyAre) {
  EXPECT_EQ(find("192.0.2.1"), "f 0:192.0.2.1");
  EXPECT_EQ(find("[192.0.2.1]"), "f 0:192.0.2.1");
  EXPECT_EQ(find("[IPv6:2001:db8::1]"), "f 0:2001:db8::1");
  EXPECT_EQ(find("[2001:db8::1]"), "f 0:2001:db8::1");
  EXPECT_TRUE(resolver_.asked.empty());
  EXPECT_EQ(find("[192.0.2.999]"), "n");
}

TEST_F(MailHostsTest, FindsNoHostBehindANullMx) {
  resolver_.exchangers["example"] = {{0, ""}};
  resolver_.hosts["example"] = {"192.0.2.1"};
  EXPECT_EQ(find("example"), "f");
}

TEST_F(MailHostsTest, TriesAgainOnlyIfNothingWasFound) {
  resolver_.exchangers["example"] = {{1, "a.example"}, {2, "b.example"}};
  resolver_.failing = {"MX down", "A a.example", "A weak"};
  EXPECT_EQ(find("example"), "t");
  resolver_.hosts["b.example"] = {"192.0.2.2"};
  EXPECT_EQ(find("example"), "f 2:192.0.2.2");
  EXPECT_EQ(find("down"), "t");
  EXPECT_EQ(find("weak"), "t");
}

TEST_F(MailHostsTest, LooksUpABoundedNumberOfExchangers) {
  for (unsigned i = 0; i < 500; ++i) resolver_.exchangers["example"].push_back({i, "x" + std::to_string(i)});
  EXPECT_EQ(find("example"), "f");
  EXPECT_EQ(resolver_.asked.size(), 101u);
}

}  // namespace
}  // namespace qmail::dns
