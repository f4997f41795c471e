#include "core/programs/qmail-send/domain_cap.h"

#include <gtest/gtest.h>

namespace qmail::send {
namespace {

TEST(DomainLimits, AreFoundAsRoutesAre) {
  const DomainLimits limits{
      NoCaseMap::of_pairs({"one.example:5", ".one.example:2", "free.one.example:0", "odd.example:many"})};
  EXPECT_EQ(limits.of("one.example"), 5U);
  EXPECT_EQ(limits.of("sub.one.example"), 2U);
  EXPECT_EQ(limits.of("free.one.example"), std::nullopt);
  EXPECT_EQ(limits.of("odd.example"), std::nullopt);
  EXPECT_EQ(limits.of("other.example"), std::nullopt);
  const DomainLimits all{NoCaseMap::of_pairs({":20"})};
  EXPECT_EQ(all.of("other.example"), 20U);
}

TEST(Reception, IsReadFromTheReport) {
  const struct {
    std::string_view report;
    Reception reception;
  } table[] = {
      {"K192.0.2.25 accepted message.\nRemote host said: 250 ok\n", Reception::served},
      {"D192.0.2.25 does not like recipient.\nRemote host said: 550 no\nGiving up on 192.0.2.25.\n",
       Reception::served},
      {"ZSorry, I wasn't able to establish an SMTP connection. (#4.4.1)\n", Reception::refused},
      {"ZConnected to 192.0.2.25 but connection died. (#4.4.2)\n", Reception::refused},
      {"ZConnected to 192.0.2.25 but greeting failed.\nRemote host said: 421 too many\n", Reception::refused},
      {"Z192.0.2.25 does not like recipient.\nRemote host said: 450 greylisted\n", Reception::unknown},
      {"ZCNAME lookup failed temporarily. (#4.4.3)\n", Reception::unknown},
      {"", Reception::unknown},
      {"what? (#4.4.1)", Reception::unknown},
  };
  for (const auto& row : table) EXPECT_EQ(reception_of(row.report), row.reception) << row.report;
}

TEST(DomainCap, IsHalvedOnceForAllThatWasUnderWay) {
  DomainCap cap(100);
  cap.refuse(3, 40, 40);
  EXPECT_EQ(cap.now(), 20U);
  cap.refuse(40, 40, 39);
  EXPECT_EQ(cap.now(), 20U);
  cap.refuse(41, 60, 20);
  EXPECT_EQ(cap.now(), 10U);
}

TEST(DomainCap, StaysAtOneAndGrowsAgain) {
  DomainCap cap(4);
  for (std::uint64_t serial = 1; serial < 10; ++serial) cap.refuse(serial, serial, 1);
  EXPECT_EQ(cap.now(), 1U);
  cap.serve();
  EXPECT_EQ(cap.now(), 2U);
  cap.serve();
  EXPECT_EQ(cap.now(), 2U);
  cap.serve();
  EXPECT_EQ(cap.now(), 3U);
  for (int i = 0; i < 10; ++i) cap.serve();
  EXPECT_EQ(cap.now(), 4U);
  EXPECT_TRUE(cap.is_whole());
}

}  // namespace
}  // namespace qmail::send
