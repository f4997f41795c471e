#include "ucspi/tcpclient/client_options.h"

#include <gtest/gtest.h>

#include "core/base/program.h"

namespace qmail::ucspi {
namespace {

ClientOptions parse(const std::vector<std::string>& args) { return ClientOptions::parse(args); }

TEST(ClientOptions, DefaultsAreThoseOfUcspiTcp) {
  const auto options = parse({"host", "25", "program", "-v"});
  EXPECT_EQ(options.verbosity, Verbosity::errors);
  EXPECT_EQ(options.family, Family::any);
  EXPECT_EQ(options.patience, (Patience{2, 58}));
  EXPECT_EQ(options.info_seconds, 26U);
  EXPECT_EQ(options.local_port, 0);
  EXPECT_TRUE(options.find_remote_host && options.ask_remote_info);
  EXPECT_FALSE(options.no_delay || options.local_ip || options.local_host);
  EXPECT_EQ(options.host, "host");
  EXPECT_EQ(options.port, "25");
  EXPECT_EQ(options.program, (std::vector<std::string>{"program", "-v"}));
}

TEST(ClientOptions, EachLetterIsHeard) {
  const auto options = parse({"-vHRD4", "-i192.0.2.1", "-p", "99", "-T7", "-lme", "-t3", "h", "p", "x"});
  EXPECT_EQ(options.verbosity, Verbosity::everything);
  EXPECT_FALSE(options.find_remote_host || options.ask_remote_info);
  EXPECT_TRUE(options.no_delay);
  EXPECT_EQ(options.family, Family::v4);
  EXPECT_EQ(options.local_ip, Ip::parse("192.0.2.1"));
  EXPECT_EQ(options.local_port, 99);
  EXPECT_EQ(options.patience, (Patience{7, 0}));
  EXPECT_EQ(options.local_host, "me");
  EXPECT_EQ(options.info_seconds, 3U);
}

TEST(ClientOptions, TheLastOfOppositesCounts) {
  const auto options = parse({"-HRDqv46", "-hrdQ", "h", "p", "x"});
  EXPECT_EQ(options.verbosity, Verbosity::errors);
  EXPECT_TRUE(options.find_remote_host && options.ask_remote_info);
  EXPECT_FALSE(options.no_delay);
  EXPECT_EQ(options.family, Family::v6);
}

TEST(ClientOptions, TheFamilyIsThatOfTheLocalAddress) {
  EXPECT_EQ(parse({"-i::1", "-4", "h", "p", "x"}).family, Family::v6);
  EXPECT_EQ(parse({"-i", "::ffff:192.0.2.1", "h", "p", "x"}).family, Family::v4);
}

TEST(ClientOptions, TooFewArgumentsGiveNoProgram) {
  EXPECT_TRUE(parse({"-q", "h", "p"}).program.empty());
  EXPECT_TRUE(parse({}).program.empty());
  EXPECT_EQ(parse({"--", "-h", "p", "x"}).host, "-h");
}

TEST(ClientOptions, WhatMakesNoSenseIsAUsageError) {
  const std::vector<std::vector<std::string>> rows{
      {"-x"},  {"-i"}, {"-i", "host"}, {"-p-1"}, {"-p65536"}, {"-t", ""},
      {"-tx"}, {"-T"}, {"-T", "+"},    {"-T1+"}, {"-T+1"},    {"-T99999999999"},
  };
  for (const auto& args : rows) EXPECT_THROW(parse(args), UsageError) << args.front();
}

TEST(Patience, IsOneNumberOrTwo) {
  EXPECT_EQ(parse_patience("2+58"), (Patience{2, 58}));
  EXPECT_EQ(parse_patience("0"), (Patience{0, 0}));
  for (const char* text : {"", "+", "1+", "+1", "1+2+3", "1 ", "-1", "1+x"})
    EXPECT_EQ(parse_patience(text), std::nullopt) << text;
}

}  // namespace
}  // namespace qmail::ucspi
