#include "core/programs/qmail-queue/shares.h"

#include <gtest/gtest.h>

namespace qmail::queue {
namespace {

TEST(Shares, LeaveSomethingForEverybodyElse) {
  Shares shares(100);
  std::size_t first = 0, second = 0;
  for (; shares.has_room(1, 1); ++first) shares.take(1, 1);
  EXPECT_EQ(first, 50U);
  for (; shares.has_room(2, 1); ++second) shares.take(2, 1);
  EXPECT_EQ(second, 25U);
  EXPECT_TRUE(shares.has_room(3, 1));
}

TEST(Shares, AreLentAgainWhenTheyComeBack) {
  Shares shares(10);
  shares.take(1, 5);
  EXPECT_FALSE(shares.has_room(1, 1));
  shares.give_back(1, 5);
  EXPECT_TRUE(shares.has_room(1, 5));
  EXPECT_FALSE(shares.has_room(1, 6));
  shares.give_back(2, 0);
}

}  // namespace
}  // namespace qmail::queue
