#include "core/format/ip.h"

#include <gtest/gtest.h>

namespace qmail {
namespace {

TEST(Ip, IsPrivateWhereNobodyOnTheInternetHasIt) {
  for (const char* text : {"127.0.0.1", "127.255.255.255", "10.0.0.1", "172.16.0.1", "172.31.255.255",
                           "192.168.0.1", "169.254.1.1", "::1", "fc00::1", "fd12::1", "fe80::1", "febf::1"})
    EXPECT_TRUE(is_private(Ip::parse(text).value())) << text;
  for (const char* text :
       {"128.0.0.1", "9.255.255.255", "11.0.0.1", "172.15.0.1", "172.32.0.1", "192.167.0.1", "192.169.0.1",
        "169.253.1.1", "0.0.0.0", "::", "::2", "fec0::1", "fe00::1", "2001:db8::1", "100.64.0.1"})
    EXPECT_FALSE(is_private(Ip::parse(text).value())) << text;
}

}  // namespace
}  // namespace qmail
