#include "ucspi/lib/rules.h"

#include <gtest/gtest.h>

#include "ucspi/lib/rule_line.h"

namespace qmail::ucspi {
namespace {

using namespace std::string_literals;

std::string compile(const std::vector<std::string>& lines) {
  CdbBuilder builder;
  for (const std::string& line : lines) {
    const auto records = parse_rule_line(line);
    if (!records) ADD_FAILURE() << line;
    for (const std::string& address : records->addresses) builder.add(address, records->data);
  }
  return builder.finish();
}

std::string address_found(const std::vector<std::string>& lines, const std::string& ip,
                          const std::string& host = "", const std::string& info = "") {
  const std::string cdb = compile(lines);
  Peer client;
  client.remote_ip = ip;
  client.remote_host = host;
  client.remote_info = info;
  const auto rule = find_rule(CdbView(cdb), client);
  return rule ? rule->address : "none";
}

TEST(Rules, AreTriedFromTheNarrowestToTheWidest) {
  std::vector<std::string> addresses{"joe@1.2.3.4", "joe@=a.b.c", "1.2.3.4", "=a.b.c", "1.2.3.", "1.2.",
                                     "1.",          "=.b.c",      "=.c",     "=",      ""};
  while (!addresses.empty()) {
    std::vector<std::string> lines;
    for (const std::string& address : addresses) lines.push_back(address + ":allow");
    EXPECT_EQ(address_found(lines, "1.2.3.4", "a.b.c", "joe"), addresses.front());
    addresses.erase(addresses.begin());
  }
  EXPECT_EQ(address_found({}, "1.2.3.4", "a.b.c", "joe"), "none");
}

TEST(Rules, WhatIsNotKnownOfTheClientIsNotLookedFor) {
  EXPECT_EQ(address_found({"=:deny", "@1.2.3.4:deny", ":allow"}, "1.2.3.4"), "");
}

TEST(Rules, AnIpv6AddressIsFoundWholeOrByItsStart) {
  const std::vector<std::string> lines{"2001:DB8:0::1:deny", "2001:db8::allow", "fe80::deny", ":allow"};
  EXPECT_EQ(address_found(lines, "2001:db8::1"), "2001:db8::1");
  EXPECT_EQ(address_found(lines, "2001:db8:5::1"), "2001:db8:");
  EXPECT_EQ(address_found(lines, "fe80::5"), "fe80:");
  EXPECT_EQ(address_found(lines, "::1"), "");
}

TEST(Rules, InstructionsAreReadFromTheirRecord) {
  const std::string data = "D\0+A=1\0+B=\0?\0+novalue\0+cut=off"s;
  const auto instructions = Instructions::parse(data);
  EXPECT_TRUE(instructions.deny);
  ASSERT_EQ(instructions.variables.size(), 2U);
  EXPECT_EQ(instructions.variables[0].second, "1");
  EXPECT_EQ(instructions.variables[1].first, "B");
  EXPECT_FALSE(Instructions::parse("").deny);
}

struct Row {
  std::string line;
  std::vector<std::string> addresses;
  std::string data;
};

TEST(RuleLine, BecomesRecords) {
  const std::vector<Row> rows{
      {"1.2.3.4:allow", {"1.2.3.4"}, ""},
      {"::1:allow", {"::1"}, ""},
      {":deny", {""}, "D\0"s},
      {"a:deny,X=\"1\",Y=/\"/,Z=xx", {"a"}, "D\0+X=1\0+Y=\"\0+Z=\0"s},
      {"1.2.3.37-39:allow", {"1.2.3.37", "1.2.3.38", "1.2.3.39"}, ""},
      {"10.2-3.:allow", {"10.2.", "10.3."}, ""},
      {"1.2.3.254-999:allow", {"1.2.3.254", "1.2.3.255"}, ""},
      {"1.2.3.-1:allow", {"1.2.3.0", "1.2.3.1"}, ""},
      {"1.2.3.9-8:allow", {}, ""},
      {"a-b@1.2.3.4:allow", {"a-b@1.2.3.4"}, ""},
      {"=a-b.c:allow", {"=a-b.c"}, ""},
      {"joe@2001:DB8::1:deny", {"joe@2001:db8::1"}, "D\0"s},
  };
  for (const auto& [line, addresses, data] : rows) {
    const auto records = parse_rule_line(line);
    ASSERT_TRUE(records) << line;
    EXPECT_EQ(records->addresses, addresses) << line;
    EXPECT_EQ(records->data, data) << line;
  }
}

TEST(RuleLine, IsRefusedWhereItMakesNoSense) {
  for (const char* line : {"a", "a:", "a: deny", "a:Deny", "a:denyx", "a:allow,", "a:allow,X",
                           "a:allow,X=", "a:allow,X=\"", "a:allow,X=\"1\"y", "a-b:allow", "1.2.3.a-4:allow",
                           "x::allow", "::allow", "1.2.3.4-18446744073709551617:allow"})
    EXPECT_FALSE(parse_rule_line(line)) << line;
}

}  // namespace
}  // namespace qmail::ucspi
