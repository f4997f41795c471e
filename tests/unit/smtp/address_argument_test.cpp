#include "core/smtp/address_argument.h"

#include <gtest/gtest.h>

namespace qmail::smtpd {
namespace {

TEST(AddressArgument, NeverFailsAndFindsWhatItCan) {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"FROM:<a@b>", "a@b"},
      {"FROM:<>", ""},
      {"", ""},
      {"a@b", ""},  // without colon and bracket there is no address
      {"<a@b", "a@b"},
      {"<a@b> SIZE=3 BODY=8BITMIME", "a@b"},
      {"FROM:a@b c", "a@b"},
      {"FROM:   a@b", "a@b"},
      {":", ""},
      {"::a", ":a"},
      {"FROM:<@relay.example,@other:a@b>", "a@b"},
      {"FROM:<@relay.example", ""},
      {"FROM:@r:a@b", "a@b"},
      {"<\"a b\"@c>", "a b@c"},
      {"<\"a>b\"@c>", "a>b@c"},
      {"<a\\>b@c>", "a>b@c"},
      {"<\"a\\\"b\"@c>", "a\"b@c"},
      {"<a\\", "a"},
      {"<\"a> b", "a> b"},
  };
  for (const auto& [argument, address] : rows) EXPECT_EQ(address_in(argument), address) << argument;
}

TEST(AddressArgument, ParametersStandBehindTheAddress) {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"FROM:<a@b> SIZE=10 BODY=8BITMIME", "SIZE:10 BODY:8BITMIME "},
      {"FROM:a@b SIZE=10", "SIZE:10 "},
      {"FROM:<\"a> SIZE=1\"@b> SMTPUTF8  X=", "SMTPUTF8: X: "},
      {"FROM:<a=b SIZE=10", ""},
      {"FROM:<a>", ""},
      {"FROM:<a> =10 X=a=b", "X:a=b "},
      {"", ""},
  };
  for (const auto& [argument, expected] : rows) {
    std::string found;
    for (const Parameter& parameter : parameters_in(argument))
      found.append(parameter.keyword).append(":").append(parameter.value).append(" ");
    EXPECT_EQ(found, expected) << argument;
  }
}

TEST(AddressArgument, AnOwnLiteralBecomesTheHostAndAnotherStays) {
  const auto is_ours = [](const Ip& ip) {
    return ip == *Ip::parse("192.0.2.1") || ip == *Ip::parse("2001:db8::1");
  };
  const std::vector<std::pair<std::string, std::string>> rows{
      {"a@[192.0.2.1]", "a@host"},
      {"a@[IPv6:2001:db8::1]", "a@host"},
      {"a@[ipv6:2001:DB8:0:0::1]", "a@host"},
      {"a@[192.0.2.2]", "a@[192.0.2.2]"},
      {"a@[192.0.2.1]x", "a@[192.0.2.1]x"},
      {"a@192.0.2.1", "a@192.0.2.1"},
      {"[192.0.2.1]", "[192.0.2.1]"},
      {"a@[]", "a@[]"},
      {"", ""},
  };
  for (const auto& [address, expected] : rows)
    EXPECT_EQ(replace_own_literal(address, "host", is_ours), expected) << address;
}

}  // namespace
}  // namespace qmail::smtpd
