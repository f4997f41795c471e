#include "core/programs/qmail-report/heaviest.h"

#include <gtest/gtest.h>

namespace qmail::report {
namespace {

TEST(Heaviest, IsExactUntilItIsFull) {
  Heaviest table(4);
  for (const std::string_view key : {"a", "b", "b", "c", "c", "c", "d"}) table.add(key, 1, {.messages = 1});
  const auto top = table.top(2);
  ASSERT_EQ(top.size(), 2U);
  EXPECT_EQ(top[0].key, "c");
  EXPECT_EQ(top[0].weight, 3U);
  EXPECT_EQ(top[0].sums.messages, 3U);
  EXPECT_EQ(top[1].key, "b");
  EXPECT_EQ(table.excess(), 0U);
}

TEST(Heaviest, PutsEqualWeightsInTheOrderOfTheirNames) {
  Heaviest table(4);
  for (const std::string_view key : {"b", "c", "a"}) table.add(key, 1, {});
  const auto top = table.top(9);
  ASSERT_EQ(top.size(), 3U);
  EXPECT_EQ(top[0].key, "a");
  EXPECT_EQ(top[2].key, "c");
}

TEST(Heaviest, FindsWhatIsHeavyAmongCountlessOthers) {
  constexpr std::size_t capacity = 100, rounds = 10000;
  Heaviest table(capacity);
  for (std::size_t i = 0; i < rounds; ++i) {
    table.add("rare" + std::to_string(i), 1, {});
    if (i % 10 == 0) table.add("often", 3, {});
    if (i > rounds / 2 && i % 10 == 1) table.add("late", 2, {});
  }
  const auto top = table.top(2);
  ASSERT_EQ(top.size(), 2U);
  EXPECT_EQ(top[0].key, "often");
  EXPECT_EQ(top[1].key, "late");
  constexpr std::uint64_t often = 3 * rounds / 10, late = rounds / 10 - 2, all = rounds + often + late;
  EXPECT_LE(table.excess(), all / (capacity / 2));
  EXPECT_GE(top[0].weight, often);
  EXPECT_LE(top[0].weight, often + table.excess());
  EXPECT_GE(top[1].weight, late);
  EXPECT_LE(top[1].weight, late + table.excess());
  EXPECT_LE(table.top(rounds).size(), capacity);
}

TEST(Heaviest, CutsLongKeys) {
  Heaviest table(4);
  table.add(std::string(1000, 'x') + "1", 1, {});
  table.add(std::string(1000, 'x') + "2", 1, {});
  ASSERT_EQ(table.top(9).size(), 1U);
  EXPECT_EQ(table.top(1)[0].key, std::string(Heaviest::longest_key, 'x'));
}

}  // namespace
}  // namespace qmail::report
