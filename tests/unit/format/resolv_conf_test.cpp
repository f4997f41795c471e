#include "core/format/resolv_conf.h"

#include <gtest/gtest.h>

namespace qmail::dns {
namespace {

TEST(ResolvConf, ReadsServersAndOptions) {
  const ResolvConf conf = parse_resolv_conf(
      "# a comment\nnameserver 192.0.2.1\r\n nameserver\t2001:db8::1 # two\nnameserver fe80::1%eth0\n"
      "nameserver 192.0.2.4\nsearch example\noptions edns0 timeout:3 attempts:4\n");
  EXPECT_EQ(conf.servers,
            (std::vector<NameServer>{
                {*Ip::parse("192.0.2.1")}, {*Ip::parse("2001:db8::1")}, {*Ip::parse("fe80::1"), "eth0"}}));
  EXPECT_EQ(conf.timeout_seconds, 3u);
  EXPECT_EQ(conf.attempts, 4u);
  EXPECT_FALSE(conf.hosts_first);
  EXPECT_TRUE(conf.ask_servers);
}

TEST(ResolvConf, KeepsOptionsWithinBounds) {
  const ResolvConf conf =
      parse_resolv_conf("options timeout:0 attempts:99999999999999999999 attempts:77 timeout:\n");
  EXPECT_EQ(conf.timeout_seconds, 1u);
  EXPECT_EQ(conf.attempts, ResolvConf::most_attempts);
}

TEST(ResolvConf, PassesOverNonsense) {
  const ResolvConf conf =
      parse_resolv_conf("nameserver\nnameserver 1.2.3\noptions\noptions timeout\n\0\n;\n");
  EXPECT_TRUE(conf.servers.empty());
  EXPECT_EQ(conf.timeout_seconds, 5u);
}

TEST(ResolvConf, ReadsHostsFirstOnlyIfToldToOrWithoutServers) {
  EXPECT_TRUE(parse_resolv_conf("").hosts_first);
  EXPECT_TRUE(parse_resolv_conf("").ask_servers);
  const ResolvConf file_alone = parse_resolv_conf("nameserver 192.0.2.1\nlookup file\n");
  EXPECT_TRUE(file_alone.hosts_first);
  EXPECT_FALSE(file_alone.ask_servers);
  EXPECT_TRUE(parse_resolv_conf("nameserver 192.0.2.1\nlookup file bind\n").ask_servers);
  EXPECT_FALSE(parse_resolv_conf("nameserver 192.0.2.1\nlookup bind file\n").hosts_first);
}

TEST(ResolvConf, SearchesBelowItsDomainsForShortNames) {
  const ResolvConf conf = parse_resolv_conf("domain old.example\nsearch a.example b.example\n");
  EXPECT_EQ(search_names(conf, "mx"), (std::vector<std::string>{"mx.a.example", "mx.b.example", "mx"}));
  EXPECT_EQ(search_names(conf, "mx.c"),
            (std::vector<std::string>{"mx.c", "mx.c.a.example", "mx.c.b.example"}));
  EXPECT_EQ(search_names(conf, "mx."), std::vector<std::string>{"mx."});
}

TEST(Hosts, GivesEveryAddressOfAName) {
  constexpr std::string_view hosts =
      "127.0.0.1 localhost\n192.0.2.1\tmx.example MX # not.example\nnonsense mx\n::1 localhost "
      "mx.example\n#9.9.9.9 mx\n";
  EXPECT_EQ(find_in_hosts(hosts, "Mx.Example."), (std::vector{*Ip::parse("192.0.2.1"), *Ip::parse("::1")}));
  EXPECT_EQ(find_in_hosts(hosts, "mx").size(), 1u);
  EXPECT_TRUE(find_in_hosts(hosts, "not.example").empty());
  EXPECT_TRUE(find_in_hosts(hosts, "").empty());
}

}  // namespace
}  // namespace qmail::dns
