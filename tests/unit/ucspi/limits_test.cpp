#include "ucspi/lib/limits.h"

#include <gtest/gtest.h>

#include "tests/support/addresses.h"
#include "tests/support/fake_clock.h"

namespace qmail::ucspi {
namespace {

using test::ip;

TEST(ConnectionCounts, CountAnAddressAndItsNetwork) {
  ConnectionCounts counts;
  for (const char* client : {"192.0.2.1", "192.0.2.1", "192.0.2.2", "192.0.3.1"}) counts.add(ip(client));
  EXPECT_EQ(counts.of_address(ip("192.0.2.1")), 2U);
  EXPECT_EQ(counts.of_network(ip("192.0.2.9")), 3U);
  EXPECT_EQ(counts.of_address(ip("192.0.2.9")), 0U);
  counts.remove(ip("192.0.2.1"));
  EXPECT_EQ(counts.of_address(ip("192.0.2.1")), 1U);
  counts.remove(ip("192.0.2.1"));
  counts.remove(ip("192.0.2.1"));
  EXPECT_EQ(counts.of_address(ip("192.0.2.1")), 0U);
}

TEST(ConnectionCounts, AnIpv6SubscriberIsASixtyFour) {
  ConnectionCounts counts;
  counts.add(ip("2001:db8:1:2::1"));
  EXPECT_EQ(counts.of_address(ip("2001:db8:1:2:ffff::9")), 1U);
  EXPECT_EQ(counts.of_address(ip("2001:db8:1:3::1")), 0U);
  EXPECT_EQ(counts.of_network(ip("2001:db8:1:3::1")), 1U);
  EXPECT_EQ(counts.of_network(ip("2001:db8:2::1")), 0U);
}

TEST(Rate, IsConnectionsInSeconds) {
  const auto rate = Rate::parse("30/60");
  ASSERT_TRUE(rate);
  EXPECT_EQ(rate->connections, 30U);
  EXPECT_EQ(rate->seconds, 60U);
  EXPECT_EQ(rate->text(), "30/60");
  for (const char* text : {"", "30", "30/", "/60", "0/60", "30/0", "30/60/1", "-1/60", "30/60s", "3 0/60"})
    EXPECT_FALSE(Rate::parse(text)) << text;
}

TEST(RateLimiter, WhatWasNotUsedMayBeUsedAtOnceAndNoMore) {
  test::FakeClock clock(1000);
  RateLimiter limiter({.connections = 3, .seconds = 60}, clock);
  const Ip client = ip("192.0.2.1");
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(limiter.take(client));
  EXPECT_FALSE(limiter.take(client));
  EXPECT_TRUE(limiter.take(ip("192.0.2.2")));
  clock.advance(19);
  EXPECT_FALSE(limiter.take(client));
  clock.advance(1);
  EXPECT_TRUE(limiter.take(client));
  EXPECT_FALSE(limiter.take(client));
  clock.advance(1000);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(limiter.take(client));
  EXPECT_FALSE(limiter.take(client));
}

TEST(RecentMap, KeepsWhatIsUsedAndForgetsTheRest) {
  RecentMap<int, int> map(10);
  for (int key = 0; key < 1000; ++key) {
    map.put(key, key);
    ASSERT_NE(map.find(0), nullptr) << key;
    ASSERT_LE(map.size(), 20U);
  }
  EXPECT_EQ(*map.find(0), 0);
  EXPECT_EQ(*map.find(999), 999);
  EXPECT_EQ(map.find(500), nullptr);
  map.clear();
  EXPECT_EQ(map.find(0), nullptr);
}

}  // namespace
}  // namespace qmail::ucspi
