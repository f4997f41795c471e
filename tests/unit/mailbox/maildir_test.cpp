#include "core/mailbox/maildir.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "core/base/failure.h"
#include "tests/support/temp_home.h"

namespace qmail::mailbox {
namespace {

class StoppedClock final : public Clock {
 public:
  Moment moment() const override { return {1700000000, 42}; }
};

/// A maildir, a message to deliver, and names that can be foreseen.
class Maildir : public testing::TestWithParam<Unfinished> {
 protected:
  Maildir() {
    for (const char* part : {"tmp", "new", "cur"})
      std::filesystem::create_directories(home_.path() / "M" / part);
    home_.write("message", "Subject: x\n\nFrom me\n");
    message_ = home_.open().open_file("message");
  }
  void deliver() {
    deliver_to_maildir((home_.path() / "M").string(), {.fd = message_.get(), .head = "Return-Path: <>\n"},
                       shared_, GetParam());
  }
  std::string failure() {
    try {
      deliver();
    } catch (const Failure& failure) {
      EXPECT_EQ(failure.code(), Exit::temporary);
      return failure.what();
    }
    return "none";
  }
  std::size_t count(const char* part) { return home_.open().sub("M").sub(part).names().size(); }

  test::TempHome home_;
  Fd message_;
  StoppedClock clock_;
  Shared shared_{.names = UniqueNames(clock_, 7, "host/with:odd.example")};
};

INSTANTIATE_TEST_SUITE_P(Both, Maildir, testing::Values(Unfinished::unnamed, Unfinished::in_tmp),
                         [](const auto& tested) {
                           return tested.param == Unfinished::unnamed ? "Unnamed" : "InTmp";
                         });

TEST_P(Maildir, HoldsTheWholeMessageAfterDelivery) {
  deliver();
  const std::string name = "M/new/1700000000.M42P7Q1.host\\057with\\072odd.example";
  EXPECT_EQ(home_.read(name), "Return-Path: <>\nSubject: x\n\nFrom me\n");
  struct stat file {};
  ASSERT_EQ(::stat((home_.path() / name).c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 07777, 0600U);
  EXPECT_EQ(count("tmp"), 0U);
}

TEST_P(Maildir, GetsEachDeliveryUnderItsOwnName) {
  for (int i = 0; i < 10; ++i) deliver();
  EXPECT_EQ(count("new"), 10U);
}

TEST_P(Maildir, TakesAnotherNameIfOneIsInUse) {
  home_.write("M/new/1700000000.M42P7Q1.host\\057with\\072odd.example", "other");
  home_.write("M/tmp/1700000000.M42P7Q1.host\\057with\\072odd.example", "other");
  deliver();
  EXPECT_EQ(home_.read("M/new/1700000000.M42P7Q1.host\\057with\\072odd.example"), "other");
  EXPECT_EQ(count("new"), 2U);
  EXPECT_EQ(count("tmp"), 1U);
}

TEST_P(Maildir, DefersInStocksWords) {
  std::filesystem::remove(home_.path() / "M/new");
  EXPECT_EQ(failure(), "Temporary error on maildir delivery. (#4.3.0)");
  EXPECT_EQ(count("tmp"), 0U);
  std::filesystem::remove_all(home_.path() / "M");
  EXPECT_EQ(failure(), "Unable to chdir to maildir. (#4.2.1)");
}

TEST_P(Maildir, DefersWhenTheMessageCannotBeRead) {
  message_ = Fd(::open(home_.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  EXPECT_EQ(failure(), "Unable to read message. (#4.3.0)");
  message_ = Pipe::make().read;
  EXPECT_EQ(failure(), "Unable to rewind message. (#4.3.0)");
  EXPECT_EQ(count("new") + count("tmp"), 0U);
}

}  // namespace
}  // namespace qmail::mailbox
