#include "core/queue/layout.h"

#include <gtest/gtest.h>

#include "tests/support/temp_home.h"

namespace qmail::queue {
namespace {

TEST(QueueLayout, NamesFilesAsStockDoes) {
  EXPECT_EQ(name_of(Part::mess, 457), "mess/20/457");
  EXPECT_EQ(name_of(Part::info, 22), "info/22/22");
  EXPECT_EQ(name_of(Part::local, 23), "local/0/23");
  EXPECT_EQ(name_of(Part::remote, 457), "remote/20/457");
  EXPECT_EQ(name_of(Part::intd, 457), "intd/457");
  EXPECT_EQ(name_of(Part::todo, 457), "todo/457");
  EXPECT_EQ(name_of(Part::bounce, 457), "bounce/457");
  EXPECT_EQ(name_of(Part::todo, 18446744073709551615U), "todo/18446744073709551615");
  EXPECT_EQ(split_name(457), "20/457");
  EXPECT_EQ(pid_name(4711, 1795337104, 1), "pid/4711.1795337104.1");
}

TEST(QueueLayout, KnowsTheFolderToSync) {
  EXPECT_EQ(folder_of(Part::mess, 457), "mess/20");
  EXPECT_EQ(folder_of(Part::todo, 457), "todo");
}

TEST(QueueLayout, ListsAllFoldersOfAPart) {
  EXPECT_EQ(folders_of(Part::mess).size(), 23U);
  EXPECT_EQ(folders_of(Part::mess).back(), "mess/22");
  EXPECT_EQ(folders_of(Part::bounce), std::vector<std::string>{"bounce"});
}

TEST(QueueLayout, TakesOnlyWholeNumbersForMessages) {
  EXPECT_EQ(parse_message_number("457"), 457U);
  for (const char* name : {"", "x", "457x", "0457", "-1", "+1", " 1", "18446744073709551616"})
    EXPECT_EQ(parse_message_number(name), std::nullopt) << name;
}

TEST(QueueLayout, FindsTheMessagesInAFolder) {
  const test::TempHome home;
  home.write("queue/todo/457", "");
  home.write("queue/todo/core", "");
  EXPECT_EQ(home.queue().numbers_in("todo"), std::vector<Number>{457});
}

TEST(QueueLayout, SyncsFoldersThatExist) {
  const test::TempHome home;
  const Layout queue = home.queue();
  EXPECT_EQ(queue.sync("mess/20"), 0);
  EXPECT_EQ(queue.sync("mess/23"), -1);
}

}  // namespace
}  // namespace qmail::queue
