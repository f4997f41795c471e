#include "ucspi/lib/rules.h"

#include <gtest/gtest.h>

#include "core/base/failure.h"
#include "ucspi/lib/rule_line.h"
#include "ucspi/lib/rules_builder.h"
#include "ucspi/lib/rules_text.h"

namespace qmail::ucspi {
namespace {

using namespace std::string_literals;

std::string compile(const std::vector<std::string>& lines) {
  RulesBuilder builder;
  for (const std::string& line : lines) {
    const auto records = parse_rule_line(line);
    if (records)
      builder.add(*records);
    else
      ADD_FAILURE() << line;
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

/// What is looked for, in order.
std::vector<std::string> looks(const std::string& cdb, const std::string& ip, const std::string& host = "") {
  Peer client;
  client.remote_ip = ip;
  client.remote_host = host;
  std::vector<std::string> addresses;
  find_rule(CdbView(cdb), client, [&](const std::string& address, bool) { addresses.push_back(address); });
  return addresses;
}

TEST(Rules, TheLongestBeginningOfAnAddressCounts) {
  std::vector<std::string> addresses{"192.0.2.1/32", "192.0.2.0/25", "192.0.2.",     "192.0.2.0/24",
                                     "192.0.0.0/17", "192.0.",       "192.0.0.0/12", "192.",
                                     "192.0.0.0/8",  "0.0.0.0/0"};
  while (!addresses.empty()) {
    std::vector<std::string> lines{":deny", "=.example:deny"};
    for (const std::string& address : addresses) lines.insert(lines.begin(), address + ":allow");
    EXPECT_EQ(address_found(lines, "192.0.2.1", "client.example"), addresses.front());
    addresses.erase(addresses.begin());
  }
}

TEST(Rules, ANetworkCountsBehindTheWholeNameAndBeforeItsEndings) {
  const std::vector<std::string> lines{"192.0.2.0/32:allow", "=a.example:allow", "=.example:deny"};
  EXPECT_EQ(address_found(lines, "192.0.2.0", "a.example"), "=a.example");
  EXPECT_EQ(address_found(lines, "192.0.2.0", "b.example"), "192.0.2.0/32");
  EXPECT_EQ(address_found(lines, "192.0.2.1", "b.example"), "=.example");
}

TEST(Rules, ANetworkOfOneFamilyHasNoAddressOfTheOther) {
  const std::vector<std::string> lines{"0.0.0.0/0:allow", "::/0:deny"};
  EXPECT_EQ(address_found(lines, "203.0.113.9"), "0.0.0.0/0");
  EXPECT_EQ(address_found(lines, "2001:db8::1"), "::/0");
  EXPECT_EQ(address_found(lines, "::ffff:203.0.113.9"), "0.0.0.0/0");
  EXPECT_EQ(address_found(lines, "not an address"), "none");
}

TEST(Rules, NetworksAndPartsOfAnIpv6AddressAreOrderedByLength) {
  const std::string cdb =
      compile({"2001:db8:1::/48:allow", "2001:db8::/32:deny", "2001:db8:1:2::/64:allow", "::/120:allow"});
  EXPECT_EQ(looks(cdb, "2001:db8:5::1"),
            (std::vector<std::string>{"2001:db8:5::1", "2001:db8:5::/120", "2001:db8:5::", "2001:db8:5::/64",
                                      "2001:db8:5:", "2001:db8:5::/48", "2001:db8:", "2001:db8::/32"}));
}

TEST(Rules, WithoutNetworksOnlyWhatStockLooksForIsLookedFor) {
  EXPECT_EQ(looks(compile({"1.2.3.4:deny"}), "5.6.7.8", "a.b"),
            (std::vector<std::string>{"5.6.7.8", "=a.b", "5.6.7.", "5.6.", "5.", "=.b", "=", ""}));
}

TEST(Rules, ADamagedListOfLengthsIsHarmless) {
  CdbBuilder builder;
  builder.add(":4", std::string(5000, '\xff') + "\x18");
  builder.add(":192.0.2.0/24", "D\0"s);
  const std::string cdb = builder.finish();
  EXPECT_EQ(looks(cdb, "192.0.2.1"),
            (std::vector<std::string>{"192.0.2.1", "192.0.2.", "192.0.", "192.", ""}));
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
  std::vector<std::string> keys;
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
      {"[2001:DB8::1]:allow", {"2001:db8::1"}, ""},
      {"joe@[::1]:allow", {"joe@::1"}, ""},
      {"::ffff:192.0.2.1:allow", {"192.0.2.1"}, ""},
      {"2001:DB8::allow", {"2001:db8:"}, ""},
      {"192.0.2.0/25:deny", {":192.0.2.0/25"}, "D\0"s},
      {"192.0.2.129/25:allow", {":192.0.2.128/25"}, ""},
      {"127./8:allow", {":127.0.0.0/8"}, ""},
      {"10/8:allow", {":10.0.0.0/8"}, ""},
      {"0.0.0.0/0:allow", {":0.0.0.0/0"}, ""},
      {"2001:db8::/32:allow,X=\"a:b/c\"", {":2001:db8::/32"}, "+X=a:b/c\0"s},
      {"[2001:db8::]/32:allow", {":2001:db8::/32"}, ""},
      {"2001:db8:ffff::1/33:allow", {":2001:db8:8000::/33"}, ""},
      {"::1/128:allow", {":::1/128"}, ""},
      {"::/0:allow", {":::/0"}, ""},
      {"::ffff:192.0.2.0/120:allow", {":192.0.2.0/24"}, ""},
      {"joe@192.0.2.0/24:allow", {"joe@192.0.2.0/24"}, ""},
      {"=a/24:allow", {"=a/24"}, ""},
      {"a/24:allow", {"a/24"}, ""},
      {"/24:allow", {"/24"}, ""},
      {"[x]:allow", {"[x]"}, ""},
  };
  for (const auto& [line, keys, data] : rows) {
    const auto records = parse_rule_line(line);
    ASSERT_TRUE(records) << line;
    EXPECT_EQ(records->keys, keys) << line;
    EXPECT_EQ(records->data, data) << line;
  }
}

struct Mistake {
  std::string line;
  std::size_t column;
  std::string what;  ///< the beginning
};

TEST(RuleLine, IsRefusedWhereItMakesNoSense) {
  const std::string variable = "expected NAME=\"value\"", more = "expected the end of the line";
  const std::vector<Mistake> rows{
      {"a", 2, "expected a colon"},
      {"a:", 3, "expected allow or deny"},
      {"a: deny", 3, "expected allow or deny"},
      {"a:Deny", 3, "expected allow or deny"},
      {"a:denyx", 7, more},
      {"a:allow,", 9, variable},
      {"a:allow,X", 9, variable},
      {"a:allow,X=", 9, variable},
      {"a:allow,X=\"", 11, "expected a second \" behind the value"},
      {"a:allow,X=\"1\"y", 14, more},
      {"a-b:allow", 1, "expected a range"},
      {"1.2.3.a-4:allow", 7, "expected a range"},
      {"1.2.3.4-x:allow", 9, "expected a range"},
      {"1.2.3.4-18446744073709551617:allow", 9, "expected a range"},
      {"x::allow", 3, "expected allow or deny"},
      {"::allow", 2, "expected allow or deny"},
      {"1:2:allow", 1, "expected an IPv6 address"},
      {"joe@1:2:allow", 5, "expected an IPv6 address"},
      {"[2001:db8::/32]:allow", 1, "expected an address before the slash"},
      {"1.2.3.4.5/24:allow", 1, "expected an address before the slash"},
      {"192.0.2.0/33:allow", 11, "expected the length of a prefix here, a number from 0 to 32"},
      {"192.0.2.0/:allow", 11, "expected the length of a prefix"},
      {"192.0.2.0/-1:allow", 11, "expected the length of a prefix"},
      {"192.0.2.0/24/8:allow", 11, "expected the length of a prefix"},
      {"2001:db8::/129:allow", 12, "expected the length of a prefix here, a number from 0 to 128"},
      {"::ffff:192.0.2.0/24:allow", 18, "expected the length of a prefix here, a number from 96 to 128"},
  };
  for (const auto& [line, column, what] : rows) {
    EXPECT_FALSE(parse_rule_line(line)) << line;
    const RuleMistake mistake = find_rule_mistake(line);
    EXPECT_EQ(mistake.column, column) << line;
    EXPECT_EQ(mistake.what.substr(0, what.size()), what) << line;
  }
}

TEST(RuleLine, OfManyColonsTakesNoTime) {
  std::string line(std::size_t{1} << 22, ':');
  line[0] = '1';
  EXPECT_FALSE(parse_rule_line(line + "allow"));
}

TEST(RulesText, IsReadLineByLine) {
  std::vector<std::string> seen, warnings;
  read_rules(
      "# a:deny\n\na:allow \t\nnone\n192.0.2.1/24:deny\n:deny",
      {.rule = [&](std::size_t number, std::string_view line,
                   const RuleRecords&) { seen.push_back(std::to_string(number) + " " + std::string(line)); },
       .warn = [&](const std::string& warning) { warnings.push_back(warning); }});
  EXPECT_EQ(seen, (std::vector<std::string>{"3 a:allow", "5 192.0.2.1/24:deny", "6 :deny"}));
  EXPECT_EQ(warnings, (std::vector<std::string>{"line 4 has no colon, ignored: none",
                                                "line 5: 192.0.2.1/24 is taken as 192.0.2.0/24"}));
}

TEST(RulesText, AMegabyteOnOneLineIsRefusedInAShortMessage) {
  const std::string text = "a:allow\nb:" + std::string(std::size_t{1} << 20, 'x') + "\n";
  try {
    read_rules(text, {.rule = [](std::size_t, std::string_view, const RuleRecords&) {}});
    FAIL() << "was accepted";
  } catch (const Failure& failure) {
    const std::string why = failure.what();
    EXPECT_TRUE(why.starts_with("unable to parse this line: b:xxx")) << why;
    EXPECT_NE(why.find("...: line 2, column 3: expected allow or deny"), std::string::npos) << why;
    EXPECT_LT(why.size(), 400U);
  }
}

}  // namespace
}  // namespace qmail::ucspi
