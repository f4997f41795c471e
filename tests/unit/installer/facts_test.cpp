#include <gtest/gtest.h>

#include "installer/facts/host_name.h"
#include "installer/facts/ports.h"

namespace qmail::facts {
namespace {

TEST(HostName, IsFoundInTheMachinesOwnFiles) {
  EXPECT_EQ(full_name("MX.Example.org", "", ""), "mx.example.org");
  EXPECT_EQ(full_name("mx", "127.0.0.1 localhost\n192.0.2.1\tmx.example.org mx # me\n", ""),
            "mx.example.org");
  EXPECT_EQ(full_name("mx", "192.0.2.1 mx Mx.Example.org\n", ""), "mx.example.org");
  EXPECT_EQ(
      full_name("mx", "#192.0.2.1 mx.example.org mx\n", "nameserver 192.0.2.53\nsearch example.net b\n"),
      "mx.example.net");
  EXPECT_EQ(full_name("mx", "192.0.2.1 other.example.org other\n", "search\n"), "mx");
  EXPECT_EQ(full_name("mx", "192.0.2.1 -bad-.x mx", ""), "mx");
}

TEST(HostName, HasAForm) {
  for (const char* name : {"a", "mx.example.org", "xn--eckwd4c7c.example", "1.example", "A-b.c"})
    EXPECT_TRUE(is_host_name(name)) << name;
  for (const char* name : {"", ".", "a.", ".a", "a..b", "-a", "a-", "a_b", "a b", "\xe6\x97\xa5", "a\n"})
    EXPECT_FALSE(is_host_name(name)) << name;
  EXPECT_FALSE(is_host_name(std::string(64, 'a')));
  EXPECT_TRUE(is_host_name(std::string(63, 'a')));
}

TEST(Ports, FindsListeningSocketsOfThePort) {
  const auto sockets = parse_listening(
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
      "   0: 00000000:0019 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0 "
      "100\n"
      "   1: 0100007F:0019 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4712 1 0 "
      "100\n"
      "   2: 0100007F:0019 0100007F:8000 01 00000000:00000000 00:00000000 00000000     0        0 4713 1 0 "
      "100\n"
      "   3: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4714 1 0 "
      "100\n",
      25);
  ASSERT_EQ(sockets.size(), 2U);
  EXPECT_EQ(sockets[0].address, "0.0.0.0");
  EXPECT_EQ(sockets[0].inode, 4711U);
  EXPECT_EQ(sockets[1].address, "127.0.0.1");
}

TEST(Ports, ReadsAddressesOfVersion6) {
  const auto sockets = parse_listening(
      "   0: 00000000000000000000000001000000:0019 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 99 "
      "1\n",
      25);
  ASSERT_EQ(sockets.size(), 1U);
  EXPECT_EQ(sockets[0].address, "::1");
}

TEST(Ports, LeavesOutWhatMakesNoSense) {
  EXPECT_TRUE(parse_listening("", 25).empty());
  EXPECT_TRUE(
      parse_listening(
          "0: x:0019 b 0A 1 2 3 4 5 6\n0: 0000:0019 b 0A 1 2 3 4 5 6\n0: 00000000 b 0A 1 2 3 4 5 6\n", 25)
          .empty());
}

}  // namespace
}  // namespace qmail::facts
