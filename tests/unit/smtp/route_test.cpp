#include "core/smtp/route.h"

#include <gtest/gtest.h>

namespace qmail::smtpc {
namespace {

TEST(Route, ReadsRelaysWithAndWithoutPort) {
  const std::pair<std::string, Route> cases[] = {
      {"relay.example", {"relay.example", 25}},
      {"relay.example:26", {"relay.example", 26}},
      {"relay.example:26|user|password", {"relay.example", 26}},
      {"relay.example:26 user", {"relay.example", 26}},
      {"relay.example:", {"relay.example", 25}},
      {"192.0.2.1:587", {"192.0.2.1", 587}},
      {"[192.0.2.1]:587", {"[192.0.2.1]", 587}},
      {"[2001:db8::1]", {"[2001:db8::1]", 25}},
      {"[2001:db8::1]:26", {"[2001:db8::1]", 26}},
      {"[IPv6:2001:db8::1]:26", {"[IPv6:2001:db8::1]", 26}},
      {"2001:db8::1", {"2001:db8::1", 25}},
      {"[unclosed:26", {"[unclosed", 26}},
      {":26", {"", 26}},
  };
  for (const auto& [text, route] : cases) EXPECT_EQ(parse_route(text), route) << text;
}

TEST(Route, RefusesPortsThatAreNone) {
  for (const char* text : {"relay:0", "relay:65536", "relay:99999999999999999999", "[::1]:0"})
    EXPECT_FALSE(parse_route(text)) << text;
}

TEST(Route, FollowsTheSuffixRule) {
  const auto routes = NoCaseMap::of_pairs({"inside.example:one:26", ".example:", ":[::1]:27", "no colon"});
  EXPECT_EQ(find_route(routes, "Inside.Example"), "one:26");
  EXPECT_FALSE(find_route(routes, "other.example"));
  EXPECT_FALSE(find_route(routes, "a.inside.example"));
  EXPECT_EQ(find_route(routes, "example"), "[::1]:27");
  EXPECT_EQ(find_route(routes, ""), "[::1]:27");
}

}  // namespace
}  // namespace qmail::smtpc
