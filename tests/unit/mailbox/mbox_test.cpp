#include "core/mailbox/mbox.h"

#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/failure.h"
#include "core/base/signals.h"
#include "core/base/spawn.h"
#include "core/mailbox/locked_mbox.h"
#include "tests/support/temp_home.h"

namespace qmail::mailbox {
namespace {

class Mbox : public testing::Test {
 protected:
  Mbox() { send("Subject: x\n\n>From me"); }
  void send(const std::string& bytes) {
    home_.write("message", bytes);
    message_ = home_.open().open_file("message");
  }
  void append(unsigned lock_seconds = mbox_lock_seconds) {
    append_to_mbox(path_, {.fd = message_.get(), .from_line = "From a now\n", .head = "X: y\n"},
                   lock_seconds);
  }
  std::string failure() {
    try {
      append();
    } catch (const Failure& failure) {
      EXPECT_EQ(failure.code(), Exit::temporary);
      return failure.what();
    }
    return "none";
  }

  test::TempHome home_;
  std::string path_ = (home_.path() / "Mailbox").string();
  Fd message_;
  const std::string one_ = "From a now\nX: y\nSubject: x\n\n>>From me\n\n";
};

TEST_F(Mbox, GetsMessagesAtItsEnd) {
  append();
  append();
  EXPECT_EQ(home_.read("Mailbox"), one_ + one_);
}

TEST_F(Mbox, StartsANewLineAfterADeliveryThatWasKilled) {
  home_.write("Mailbox", "From b now\n\nhalf");
  append();
  EXPECT_EQ(home_.read("Mailbox"), "From b now\n\nhalf\n" + one_);
}

TEST_F(Mbox, IsCutBackWhenTheDiskIsFull) {
  append();
  send(std::string(300000, 'x') + "\n");
  const rlimit small{100000, RLIM_INFINITY};
  signals::ignore(SIGXFSZ);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  EXPECT_EQ(failure(), "Unable to write " + path_ + ": file too big. (#4.3.0)");
  const rlimit unlimited{RLIM_INFINITY, RLIM_INFINITY};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &unlimited), 0);
  EXPECT_EQ(home_.read("Mailbox"), one_);
}

TEST_F(Mbox, IsCutBackWhenTheMessageCannotBeRead) {
  append();
  message_ = Fd(::open(home_.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  EXPECT_EQ(failure(), "Unable to read message: is a directory. (#4.3.0)");
  EXPECT_EQ(home_.read("Mailbox"), one_);
}

TEST_F(Mbox, DefersInStocksWords) {
  path_ = home_.path().string();
  EXPECT_EQ(failure(), "Unable to open " + path_ + ": is a directory. (#4.2.1)");
  ASSERT_EQ(::mkfifo((home_.path() / "fifo").c_str(), 0600), 0);
  path_ = (home_.path() / "fifo").string();
  EXPECT_EQ(failure(), "Unable to open " + path_ + ": device not configured. (#4.2.1)");
}

TEST_F(Mbox, CanBeASymbolicLinkToAFileThatIsNotThereYet) {
  std::filesystem::create_directory(home_.path() / "spool");
  std::filesystem::create_symlink("spool/me", path_);
  append();
  EXPECT_EQ(home_.read("spool/me"), one_);
}

// maildir2mbox holds the lock of the file it replaces: what was appended to that one would be read by nobody.
TEST_F(Mbox, IsTheOneThatTookItsPlaceWhileWeWaited) {
  home_.write("Mailbox", "old\n\n");
  home_.write("Mailbox.tmp", "new\n\n");
  Pipe is_locked = Pipe::make();
  const pid_t holder = ::fork();
  if (holder == 0) {
    const LockedMbox lock = open_locked(path_);
    is_locked.write.close();
    ::usleep(200000);
    std::filesystem::rename(home_.path() / "Mailbox.tmp", path_);
    ::_exit(0);
  }
  is_locked.write.close();
  char unused = 0;
  ASSERT_EQ(::read(is_locked.read.get(), &unused, 1), 0);
  append();
  EXPECT_EQ(exit_code(wait_for(holder)), 0);
  EXPECT_EQ(home_.read("Mailbox"), "new\n\n" + one_);
}

using MboxDeathTest = Mbox;

TEST_F(MboxDeathTest, IsNotWaitedForMoreThanTheLimit) {
  home_.write("Mailbox", "");
  const Fd holder = home_.open().open_file("Mailbox");
  ASSERT_EQ(::flock(holder.get(), LOCK_EX), 0);
  EXPECT_EXIT(append(1), testing::ExitedWithCode(111),
              "^File has been locked for 30 seconds straight. \\(#4.3.0\\)\n$");
}

TEST_F(Mbox, QuotesALineLongerThanAnyBuffer) {
  const std::string line = std::string(3 << 20, '>') + "From " + std::string(3 << 20, 'x');
  send(line + "\n");
  append();
  EXPECT_EQ(home_.read("Mailbox"), "From a now\nX: y\n>" + line + "\n\n");
}

}  // namespace
}  // namespace qmail::mailbox
