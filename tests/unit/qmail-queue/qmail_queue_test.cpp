#include "core/programs/qmail-queue/qmail_queue.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>

#include "core/queue/state.h"
#include "core/queue/trigger.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_home.h"

namespace qmail::queue {
namespace {

users::Ids some_ids() {
  users::Ids ids;
  ids.alias = {1, 1};
  ids.qmaild = {2, 2};
  ids.qmails = {3, 3};
  return ids;
}

TEST(ReceivedLine, NamesWhoInvokedTheProgram) {
  const users::Ids ids = some_ids();
  const std::string date = "); 26 Sep 1995 04:46:54 -0000\n";
  EXPECT_EQ(received_line(4711, 1, ids, 812090814), "Received: (qmail 4711 invoked by alias" + date);
  EXPECT_EQ(received_line(4711, 2, ids, 812090814), "Received: (qmail 4711 invoked from network" + date);
  EXPECT_EQ(received_line(4711, 3, ids, 812090814), "Received: (qmail 4711 invoked for bounce" + date);
  EXPECT_EQ(received_line(4711, 4, ids, 812090814), "Received: (qmail 4711 invoked by uid 4" + date);
}

/// A home with an empty queue, and one message put there by process 4711 of user 1000.
class QueueMessage : public testing::Test {
 protected:
  QueueMessage() {
    for (const char* user : {"alias", "qmaild", "qmaill", "qmailp", "qmailq", "qmailr", "qmails"})
      ids_ += std::string(user) + ":7:7\n";
    home_.write("users/ids", ids_);
  }
  /// The number it got.
  Number put(const std::string& message, const std::string& envelope) {
    home_.write("message", message);
    home_.write("envelope", envelope);
    const test::FakeClock clock(1795370704);
    const Fd in = home_.open().open_file("message");
    const Fd from = home_.open().open_file("envelope");
    DescriptorSource source(in.get(), from.get());
    queue_message(source,
                  {.home = home_.path().string(), .clock = clock, .invoker = 1000, .qp = 4711, .pid = 4711});
    return home_.queue().numbers_in("todo").at(0);
  }
  std::string read(Part part, Number number) { return home_.read("queue/" + name_of(part, number)); }

  std::string ids_;
  test::TempHome home_;
};

// The worked example of docs/internals/queue.md.
TEST_F(QueueMessage, PutsTheWorkedExampleIntoTheQueue) {
  using namespace std::string_literals;
  const Number number =
      put("Subject: hello\n\nHi.\n", "Fme@here.example\0Tyou@here.example\0Tthem@there.example\0\0"s);
  EXPECT_EQ(classify(files_of(home_.queue(), number)), State::queued);
  EXPECT_EQ(
      read(Part::mess, number),
      "Received: (qmail 4711 invoked by uid 1000); 22 Nov 2026 18:05:04 -0000\nSubject: hello\n\nHi.\n");
  EXPECT_EQ(read(Part::todo, number),
            "u1000\0p4711\0Fme@here.example\0Tyou@here.example\0Tthem@there.example\0"s);
}

TEST_F(QueueMessage, NumbersAMessageByItsInode) {
  const Number number = put("", std::string("F\0\0", 3));
  struct stat status {};
  ASSERT_EQ(::fstatat(home_.queue().fd(), name_of(Part::mess, number).c_str(), &status, 0), 0);
  EXPECT_EQ(status.st_ino, number);
}

TEST_F(QueueMessage, WakesQmailSend) {
  Trigger trigger(home_.queue());
  put("", std::string("F\0\0", 3));
  pollfd wanted{trigger.fd(), POLLIN, 0};
  EXPECT_EQ(::poll(&wanted, 1, 0), 1);
}

TEST_F(QueueMessage, KeepsEveryByteOfALargeMessage) {
  std::string message;
  for (int i = 0; i < 300'000; ++i) message += static_cast<char>(i * 7 % 256);
  const Number number = put(message, std::string("F\0\0", 3));
  EXPECT_TRUE(read(Part::mess, number).ends_with("-0000\n" + message));
}

}  // namespace
}  // namespace qmail::queue
