#include <boost/filesystem.hpp>
#include <boost/filesystem/fstream.hpp>
#include <gtest/gtest.h>

#include "installer/facts/ports.h"
#include "installer/facts/surroundings.h"
#include "installer/plan/preflight_outside.h"
#include "tests/support/scripted_resolver.h"

namespace qmail::plan {
namespace {

const std::string host_name = "mx.example.org";

/// A host about which nothing is wrong.
class OutsideTest : public testing::Test {
 protected:
  OutsideTest() {
    dns_.hosts = {{host_name, {"198.51.100.7"}}, {"mx.example.com", {"203.0.113.1"}}};
    dns_.pointers = {{"198.51.100.7", {host_name}}};
    dns_.exchangers = {{"example.org", {{10, host_name}}}, {"gmail.com", {{5, "mx.example.com"}}}};
    dns_.text_records = {{"example.org", {"v=spf1 mx -all", "other"}}};
  }

  /// The ids of what is found, in order, each with its text's key word.
  std::vector<std::string> find() {
    const auto found = facts::look_around({.host_name = host_name,
                                           .domains = domains_,
                                           .own_addresses = own_,
                                           .resolver = dns_,
                                           .greet = [&](const Ip&) { return trouble_; }});
    Planned planned;
    preflight_outside(found, {.host_name = host_name, .domains = domains_, .postmaster = ""}, planned);
    texts_.clear();
    std::vector<std::string> ids;
    for (const Finding& finding : planned.findings) {
      ids.emplace_back(finding.id);
      texts_.push_back(finding.message.text);
    }
    return ids;
  }

  using Ids = std::vector<std::string>;
  test::ScriptedResolver dns_;
  std::vector<std::string> domains_{"example.org"};
  std::vector<Ip> own_{Ip::v4({198, 51, 100, 7})};
  std::string trouble_;
  std::vector<dialogue::Text> texts_;
};

TEST_F(OutsideTest, WhatIsRightIsNotMentioned) { EXPECT_EQ(find(), Ids()); }

TEST_F(OutsideTest, AHostHasAnAddress) {
  dns_.hosts.erase(host_name);
  EXPECT_EQ(find(), (Ids{"P11", "P31"}));
  EXPECT_EQ(texts_.front(), dialogue::Text::no_address);
  dns_.failing = {"A " + host_name};
  find();
  EXPECT_EQ(texts_.front(), dialogue::Text::address_unknown);
}

TEST_F(OutsideTest, TheAddressIsOneOfThisMachine) {
  own_ = {Ip::v4({10, 0, 0, 1})};
  EXPECT_EQ(find(), Ids{"P11"});
}

TEST_F(OutsideTest, TheAddressHasThisHostsNameAndNoOther) {
  dns_.pointers = {};
  find();
  EXPECT_EQ(texts_, std::vector{dialogue::Text::no_reverse});
  dns_.pointers = {{"198.51.100.7", {host_name, "www.example.org"}}};
  find();
  EXPECT_EQ(texts_, std::vector{dialogue::Text::many_reverses});
  dns_.pointers = {{"198.51.100.7", {"other.example.net"}}};
  find();
  EXPECT_EQ(texts_, std::vector{dialogue::Text::other_reverse});
  dns_.failing = {"PTR 198.51.100.7"};
  find();
  EXPECT_EQ(texts_, std::vector{dialogue::Text::reverse_unknown});
}

TEST_F(OutsideTest, AnIPv6AddressNeedsANameToo) {
  dns_.hosts[host_name].emplace_back("2001:db8::7");
  own_.push_back(*Ip::parse("2001:db8::7"));
  EXPECT_EQ(find(), Ids{"P14"});
}

TEST_F(OutsideTest, ANameThatProvidersGiveIsToldApart) {
  EXPECT_TRUE(is_generic("host-198-51-100-7.example.net", Ip::v4({198, 51, 100, 7})));
  EXPECT_TRUE(is_generic("7.100.51.198.example.net", Ip::v4({198, 51, 100, 7})));
  EXPECT_FALSE(is_generic("mx7.example.net", Ip::v4({198, 51, 100, 7})));
}

TEST_F(OutsideTest, ABlockListSaysYesNoOrNothing) {
  dns_.hosts["7.100.51.198.zen.spamhaus.org"] = {"127.0.0.2"};
  find();
  EXPECT_EQ(texts_, std::vector{dialogue::Text::is_block_listed});
  dns_.hosts["7.100.51.198.zen.spamhaus.org"] = {"127.255.255.254"};
  find();
  EXPECT_EQ(texts_, std::vector{dialogue::Text::block_list_unknown});
  EXPECT_EQ(facts::block_list_name(*Ip::parse("2001:db8::1")),
            "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.zen.spamhaus.org");
}

TEST_F(OutsideTest, ADomainSaysWhereItsMailGoesAndWhoSendsIt) {
  dns_.exchangers["example.org"] = {{10, "mx.example.com"}};
  dns_.text_records["example.org"] = {};
  find();
  EXPECT_EQ(texts_, (std::vector{dialogue::Text::exchanger_elsewhere, dialogue::Text::no_spf}));
  dns_.text_records["example.org"] = {"v=spf1 mx -all", "V=SPF1 a -all"};
  dns_.failing = {"MX example.org"};
  find();
  EXPECT_EQ(texts_, (std::vector{dialogue::Text::exchanger_unknown, dialogue::Text::many_spf}));
}

TEST_F(OutsideTest, OneWayOutIsEnough) {
  trouble_ = "connection refused";
  EXPECT_EQ(find(), Ids{"P21"});
}

TEST(Ports, TheUnitOfAProcessIsInItsControlGroup) {
  EXPECT_EQ(facts::unit_in("0::/system.slice/postfix.service\n"), "postfix.service");
  EXPECT_EQ(facts::unit_in("0::/user.slice/user-0.slice/session-1.scope\n"), "");
  EXPECT_EQ(facts::unit_in(""), "");
}

TEST(Ports, ThePackageOfAProgramIsTheOneThatListsIt) {
  namespace fs = boost::filesystem;
  const fs::path root = fs::temp_directory_path() / fs::unique_path("packages.%%%%%%%%");
  fs::create_directories(root / "var/lib/dpkg/info");
  fs::ofstream(root / "var/lib/dpkg/info/opensmtpd:amd64.list") << "/.\n/sbin/smtpd\n";
  fs::ofstream(root / "var/lib/dpkg/info/exim4-daemon-light.list") << "/usr/sbin/exim4\n";
  const transaction::Tree tree(root.string());
  EXPECT_EQ(facts::package_of(tree, "/usr/sbin/exim4"), "exim4-daemon-light");
  EXPECT_EQ(facts::package_of(tree, "/usr/sbin/smtpd"), "opensmtpd");
  EXPECT_EQ(facts::package_of(tree, "/opt/smtpd"), "");
  fs::remove_all(root);
}

}  // namespace
}  // namespace qmail::plan
