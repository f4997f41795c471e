#include "core/programs/qmail-clean/qmail_clean.h"

#include <array>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "core/queue/state.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_home.h"

namespace qmail::queue {
namespace {

using enum Part;

class QueueCleaner : public testing::Test {
 protected:
  void make(const Files& files) {
    for (const Part part : every_part)
      if (files.has(part)) home_.write("queue/" + name_of(part, 457), "");
  }
  Files left() { return files_of(queue_, 457); }

  test::TempHome home_;
  Layout queue_ = home_.queue();
  test::FakeClock clock_;
  Cleaner cleaner_{queue_, clock_};
};

TEST_F(QueueCleaner, RemovesWhatIsNotQueued) {
  make({mess, intd});
  EXPECT_EQ(cleaner_.answer("foop/457"), '+');
  EXPECT_EQ(left(), Files{});
}

TEST_F(QueueCleaner, RemovesTheEnvelopeOfAPreprocessedMessage) {
  make({mess, intd, todo, info, local});
  EXPECT_EQ(cleaner_.answer("todo/457"), '+');
  EXPECT_EQ(left(), (Files{mess, info, local}));
}

TEST_F(QueueCleaner, IsContentIfAllIsGoneAlready) {
  EXPECT_EQ(cleaner_.answer("foop/457"), '+');
  EXPECT_EQ(cleaner_.answer("todo/457"), '+');
}

TEST_F(QueueCleaner, SaysWhenSomethingCannotBeRemoved) {
  std::filesystem::create_directory(home_.path() / "queue/mess/20/457");
  EXPECT_EQ(cleaner_.answer("foop/457"), '!');
  std::filesystem::create_directory(home_.path() / "queue/todo/457");
  EXPECT_EQ(cleaner_.answer("todo/457"), '!');
  std::filesystem::create_directory(home_.path() / "queue/intd/457");
  EXPECT_EQ(cleaner_.answer("foop/457"), '!');
}

TEST_F(QueueCleaner, DoesNothingOnAnythingElse) {
  make({mess, intd, todo});
  for (const std::string request : {"", "foop/", "457", "mess/457", "foop/45x", "foop/-457", "foop/457/",
                                    "todo457", "foop/457\n", "foop/99999999999999999999", "foop//457"})
    EXPECT_EQ(cleaner_.answer(request), 'x') << request;
  EXPECT_EQ(cleaner_.answer("foop/" + std::string(92, '0') + "457"), 'x');
  EXPECT_EQ(left(), (Files{mess, intd, todo}));
  EXPECT_EQ(cleaner_.answer("foop/" + std::string(91, '0') + "457"), '+');
}

TEST_F(QueueCleaner, RemovesFilesInPidAfter36Hours) {
  home_.write("queue/pid/1.2.1", "");
  const std::array<timespec, 2> times{timespec{.tv_sec = 1000, .tv_nsec = 0}, timespec{}};
  ::utimensat(AT_FDCWD, (home_.path() / "queue/pid/1.2.1").c_str(), times.data(), 0);
  clock_.set({1000 + 129599, 0});
  cleaner_.remove_old_pid_files();
  EXPECT_TRUE(home_.has("queue/pid/1.2.1"));
  clock_.set({1000 + 129600, 0});
  cleaner_.remove_old_pid_files();
  EXPECT_FALSE(home_.has("queue/pid/1.2.1"));
}

TEST_F(QueueCleaner, DoesNotMindIfThereIsNoPidFolder) {
  std::filesystem::remove(home_.path() / "queue/pid");
  cleaner_.remove_old_pid_files();
}

}  // namespace
}  // namespace qmail::queue
