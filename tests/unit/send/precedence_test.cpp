#include "core/programs/qmail-send/precedence.h"

#include <gtest/gtest.h>

namespace qmail::send {
namespace {

constexpr std::int64_t now = 1000000000;

/// How many of as many as like move while `arrivals` new ones come in `seconds`.
std::size_t moved_beside(std::size_t arrivals, std::int64_t seconds) {
  constexpr std::size_t together = 64;
  Precedence precedence;
  std::size_t moved = 0;
  for (std::int64_t second = now; second < now + seconds; ++second)
    for (std::size_t came = 0; came < arrivals / static_cast<std::size_t>(seconds); ++came) {
      precedence.note_arrival(second);
      if (!precedence.is_turn_of_moving(second)) continue;
      precedence.note_moved(together);
      moved += together;
    }
  return moved;
}

TEST(Precedence, IsNobodysWhereFewCome) {
  Precedence precedence;
  EXPECT_TRUE(precedence.is_turn_of_moving(now));
  for (int came = 0; came < 99; ++came) precedence.note_arrival(now);
  EXPECT_TRUE(precedence.is_turn_of_moving(now));
}

TEST(Precedence, LetsOneMoveForFiveThatCome) {
  constexpr std::size_t before_they_are_many = 99 * 64;
  const std::size_t moved = moved_beside(100000, 50);
  EXPECT_GT(moved, 19000U);
  EXPECT_LT(moved, 20500U + before_they_are_many);
}

TEST(Precedence, LastsAsLongAsTheyCome) {
  Precedence precedence;
  for (int came = 0; came < 150; ++came) precedence.note_arrival(now);
  EXPECT_FALSE(precedence.is_turn_of_moving(now));
  precedence.note_arrival(now + 1);
  EXPECT_FALSE(precedence.is_turn_of_moving(now + 1));
  EXPECT_TRUE(precedence.is_turn_of_moving(now + 3));
}

TEST(Precedence, EndsWhereTheLogWantsRoom) {
  Precedence precedence;
  for (int came = 0; came < 150; ++came) precedence.note_arrival(now);
  precedence.note_shortage(now);
  EXPECT_TRUE(precedence.is_turn_of_moving(now + 1));
  for (int came = 0; came < 150; ++came) precedence.note_arrival(now + 2);
  precedence.note_moved(1000);
  EXPECT_FALSE(precedence.is_turn_of_moving(now + 2));
}

}  // namespace
}  // namespace qmail::send
