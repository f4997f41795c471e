#include "core/queue/log/live_table.h"

#include <gtest/gtest.h>
#include <map>

namespace qmail::queue_log {
namespace {

TEST(LiveTable, FindsWhatIsInItAndNothingElse) {
  LiveTable table;
  EXPECT_EQ(table.find(1), nullptr);
  EXPECT_EQ(table.find(0), nullptr);
  table.remove(1);
  table.put({.id = 1, .sector = 8});
  table.put({.id = 1, .sector = 9});
  EXPECT_EQ(table.size(), 1U);
  ASSERT_NE(table.find(1), nullptr);
  EXPECT_EQ(table.find(1)->sector, 9U);
  EXPECT_EQ(table.find(2), nullptr);
  EXPECT_EQ(table.find(0), nullptr);
}

// Against std::map, with numbers that fall on each other.
TEST(LiveTable, IsAMapThroughManyChanges) {
  LiveTable table;
  std::map<queue::Number, std::uint32_t> map;
  std::uint64_t random = 1;
  for (std::uint32_t step = 0; step < 200'000; ++step) {
    random = random * 6364136223846793005U + 1442695040888963407U;
    const queue::Number id = 1 + (random >> 40) % 700;
    if ((random >> 33) % 2 == 0) {
      table.put({.id = id, .sector = step});
      map[id] = step;
    } else {
      table.remove(id);
      map.erase(id);
    }
    ASSERT_EQ(table.size(), map.size());
  }
  for (queue::Number id = 0; id < 800; ++id) {
    const LiveEntry* entry = table.find(id);
    ASSERT_EQ(entry != nullptr, map.contains(id)) << id;
    EXPECT_EQ(entry != nullptr ? entry->sector : 0, map.contains(id) ? map[id] : 0);
  }
  std::size_t visited = 0;
  table.for_each([&](const LiveEntry&) { ++visited; });
  EXPECT_EQ(visited, map.size());
}

}  // namespace
}  // namespace qmail::queue_log
