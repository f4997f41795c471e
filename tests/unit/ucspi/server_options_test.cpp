#include "ucspi/tcpserver/server_options.h"

#include <gtest/gtest.h>

#include "core/base/program.h"

namespace qmail::ucspi {
namespace {

const Environment environment{{"UID", "7"}, {"GID", "8"}};

ServerOptions parse(const std::vector<std::string>& args) { return ServerOptions::parse(args, environment); }

TEST(ServerOptions, DefaultsAreThoseOfUcspiTcpButForIdent) {
  const auto options = parse({"0", "25", "program", "-v"});
  EXPECT_EQ(options.verbosity, Verbosity::errors);
  EXPECT_EQ(options.limit, 40U);
  EXPECT_EQ(options.backlog, 20);
  EXPECT_EQ(options.info_seconds, 26U);
  EXPECT_TRUE(options.find_remote_host);
  EXPECT_FALSE(options.ask_remote_info);
  EXPECT_FALSE(options.paranoid || options.no_delay || options.keep_ip_options || options.print_port);
  EXPECT_FALSE(options.uid || options.gid || options.rules || options.local_host || options.address_limit ||
               options.network_limit || options.rate || options.refusal || options.drain);
  EXPECT_TRUE(options.proxies.is_empty());
  EXPECT_EQ(options.family, Family::any);
  EXPECT_EQ(options.program, (std::vector<std::string>{"program", "-v"}));
}

TEST(ServerOptions, EachLetterIsHeard) {
  const auto options = parse({"-v1XpHRoD", "-c5", "-b", "6", "-xrules", "-Bhello", "-g9", "-u", "10", "-lme",
                              "-t3", "::", "smtp", "p"});
  EXPECT_EQ(options.verbosity, Verbosity::everything);
  EXPECT_TRUE(options.print_port && options.allow_without_rules && options.paranoid);
  EXPECT_TRUE(options.keep_ip_options && options.no_delay);
  EXPECT_FALSE(options.find_remote_host || options.ask_remote_info);
  EXPECT_EQ(options.limit, 5U);
  EXPECT_EQ(options.backlog, 6);
  EXPECT_EQ(options.rules, "rules");
  EXPECT_EQ(options.banner, "hello");
  EXPECT_EQ(options.gid, 9U);
  EXPECT_EQ(options.uid, 10U);
  EXPECT_EQ(options.local_host, "me");
  EXPECT_EQ(options.info_seconds, 3U);
  EXPECT_EQ(options.hosts, std::vector<std::string>{"::"});
  EXPECT_EQ(options.ports, std::vector<std::string>{"smtp"});
}

TEST(ServerOptions, ALaterOptionOverridesAnEarlierOne) {
  const auto options = parse({"-vqQ", "-HhRrDdoOpP", "-u5", "-U", "0", "0", "p"});
  EXPECT_EQ(options.verbosity, Verbosity::errors);
  EXPECT_TRUE(options.find_remote_host && options.ask_remote_info);
  EXPECT_FALSE(options.no_delay || options.keep_ip_options || options.paranoid);
  EXPECT_EQ(options.uid, 7U);
  EXPECT_EQ(options.gid, 8U);
}

TEST(ServerOptions, LimitsAndProxies) {
  const auto options = parse({"-C5:421 later", "--network-limit", "15", "--rate-limit=30/60", "--drain",
                              "--proxy=127.0.0.1,10.0.0.0/8", "-4", "192.0.2.1,192.0.2.2", "25,smtps", "p"});
  EXPECT_EQ(options.address_limit, 5U);
  EXPECT_EQ(options.refusal, "421 later");
  EXPECT_EQ(options.network_limit, 15U);
  EXPECT_EQ(options.rate->text(), "30/60");
  EXPECT_TRUE(options.drain && options.proxies.contains(Ip::v4({10, 1, 2, 3})));
  EXPECT_EQ(options.family, Family::v4);
  EXPECT_EQ(options.hosts, (std::vector<std::string>{"192.0.2.1", "192.0.2.2"}));
  EXPECT_EQ(options.ports, (std::vector<std::string>{"25", "smtps"}));
  EXPECT_FALSE(parse({"-C", "5", "-6", "0", "25", "p"}).refusal);
}

TEST(ServerOptions, NonsenseIsAUsageError) {
  const std::vector<std::vector<std::string>> lines{{},
                                                    {"0"},
                                                    {"0", "25"},
                                                    {"-z", "0", "25", "p"},
                                                    {"-c", "0", "0", "25", "p"},
                                                    {"-cx", "0", "25", "p"},
                                                    {"-u-1", "0", "25", "p"},
                                                    {"-Cx", "0", "25", "p"},
                                                    {"-C:text", "0", "25", "p"},
                                                    {"--rate-limit=1", "0", "25", "p"},
                                                    {"--proxy=localhost", "0", "25", "p"},
                                                    {"--drain=1", "0", "25", "p"},
                                                    {"--no-such", "0", "25", "p"},
                                                    {"-b99999999999", "0", "25", "p"}};
  for (const auto& line : lines) EXPECT_THROW(parse(line), UsageError);
}

}  // namespace
}  // namespace qmail::ucspi
