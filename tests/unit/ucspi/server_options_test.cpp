#include "ucspi/tcpserver/server_options.h"

#include <gtest/gtest.h>

#include "core/base/program.h"

namespace qmail::ucspi {
namespace {

const Environment environment{{"UID", "7"}, {"GID", "8"}};

ServerOptions parse(const std::vector<std::string>& args) { return ServerOptions::parse(args, environment); }

TEST(ServerOptions, DefaultsAreThoseOfUcspiTcp) {
  const auto options = parse({"0", "25", "program", "-v"});
  EXPECT_EQ(options.verbosity, Verbosity::errors);
  EXPECT_EQ(options.limit, 40U);
  EXPECT_EQ(options.backlog, 20);
  EXPECT_EQ(options.info_seconds, 26U);
  EXPECT_TRUE(options.find_remote_host);
  EXPECT_TRUE(options.ask_remote_info);
  EXPECT_FALSE(options.paranoid || options.no_delay || options.keep_ip_options || options.print_port);
  EXPECT_FALSE(options.uid || options.gid || options.rules || options.local_host || options.is_immediate());
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
  EXPECT_EQ(options.host, "::");
  EXPECT_EQ(options.port, "smtp");
}

TEST(ServerOptions, ALaterOptionOverridesAnEarlierOne) {
  const auto options = parse({"-vqQ", "-HhRrDdoOpP", "-u5", "-U", "0", "0", "p"});
  EXPECT_EQ(options.verbosity, Verbosity::errors);
  EXPECT_TRUE(options.find_remote_host && options.ask_remote_info);
  EXPECT_FALSE(options.no_delay || options.keep_ip_options || options.paranoid);
  EXPECT_EQ(options.uid, 7U);
  EXPECT_EQ(options.gid, 8U);
}

TEST(ServerOptions, OnlyALineThatWaitsForNothingIsImmediate) {
  EXPECT_TRUE(parse({"-HRl0", "0", "0", "p"}).is_immediate());
  EXPECT_FALSE(parse({"-HRl0", "-Bx", "0", "0", "p"}).is_immediate());
  EXPECT_FALSE(parse({"-HR", "0", "0", "p"}).is_immediate());
}

TEST(ServerOptions, NonsenseIsAUsageError) {
  const std::vector<std::vector<std::string>> lines{{},
                                                    {"0"},
                                                    {"0", "25"},
                                                    {"-z", "0", "25", "p"},
                                                    {"-c", "0", "0", "25", "p"},
                                                    {"-cx", "0", "25", "p"},
                                                    {"-u-1", "0", "25", "p"},
                                                    {"-b99999999999", "0", "25", "p"}};
  for (const auto& line : lines) EXPECT_THROW(parse(line), UsageError);
}

}  // namespace
}  // namespace qmail::ucspi
