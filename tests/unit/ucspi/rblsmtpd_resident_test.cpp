// rblsmtpd --resident, as tcpserver would run it.
#include <array>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "core/base/io.h"
#include "core/base/resident.h"
#include "ucspi/lib/onward.h"

namespace qmail::resident {
namespace {

class ResidentRblsmtpd : public testing::Test {
 protected:
  static Zygote start() {
    auto zygote = Zygote::start({.argv = {RBLSMTPD}});
    if (!zygote) throw std::runtime_error("rblsmtpd --resident does not start");
    return std::move(*zygote);
  }
  void SetUp() override {
    std::array<int, 2> ends{};
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
    client_ = Fd(ends[0]);
    server_ = Fd(ends[1]);
  }
  void give(Worker& worker, const std::vector<std::string>& args, const Environment& environment) {
    ASSERT_TRUE(worker.give(
        {.args = args, .environment = environment, .fds = std::array{server_.get(), server_.get(), 2}}));
  }
  std::optional<End> ask(Worker& worker, const std::vector<std::string>& args,
                         const Environment& environment) {
    const Fd nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
    const std::array fds{nothing.get(), nothing.get(), nothing.get()};
    EXPECT_TRUE(worker.give({.args = args, .environment = environment, .fds = fds}));
    return worker.take_end();
  }
  /// The status of the first worker that ends.
  int death() {
    pollfd zygote{zygote_.fd(), POLLIN, 0};
    EXPECT_EQ(::poll(&zygote, 1, 20000), 1);
    const auto deaths = zygote_.take_deaths();
    return deaths && deaths->size() == 1 ? deaths->front().status : -1;
  }

  Zygote zygote_ = start();
  Fd client_, server_;
};

TEST_F(ResidentRblsmtpd, TellsWhoIsLetInAndServesOn) {
  auto worker = zygote_.hire();
  ASSERT_TRUE(worker);
  for (int i = 0; i < 3; ++i) {
    const auto end = ask(*worker, {"rblsmtpd", "-r", "list.example", "program", "-x"}, {{"RBLSMTPD", ""}});
    ASSERT_TRUE(end);
    EXPECT_EQ(end->status, 0);
    EXPECT_EQ(ucspi::parse_onward(end->text), ucspi::Onward{.first = 3});
    EXPECT_FALSE(end->last);
  }
}

TEST_F(ResidentRblsmtpd, TellsWhoIsRefusedAndWithWhichWords) {
  auto worker = zygote_.hire();
  ASSERT_TRUE(worker);
  const std::array<std::pair<std::string, std::string>, 3> words{
      {{"go away", "go away"}, {"-go\taway", "-go?away"}, {"-", "-"}}};
  for (const auto& [given, told] : words) {
    const auto end = ask(*worker, {"rblsmtpd", "program"}, {{"RBLSMTPD", given}});
    ASSERT_TRUE(end);
    EXPECT_EQ(ucspi::parse_onward(end->text), (ucspi::Onward{.first = 0, .variables = {{"RBLSMTPD", told}}}));
  }
}

TEST_F(ResidentRblsmtpd, WithAClientThatIsLetInBecomesTheProgram) {
  auto worker = zygote_.hire();
  ASSERT_TRUE(worker);
  give(*worker, {"rblsmtpd", "sh", "-c", "echo $WORD; exit 3"},
       {{"RBLSMTPD", ""}, {"WORD", "hello"}, {"PATH", "/usr/bin:/bin"}});
  EXPECT_FALSE(worker->take_end());
  server_.close();
  EXPECT_EQ(read_all(client_.get(), 1000, "words"), "hello\n");
  EXPECT_EQ(WEXITSTATUS(death()), 3);
}

TEST_F(ResidentRblsmtpd, RefusesItselfAndServesOn) {
  auto worker = zygote_.hire();
  ASSERT_TRUE(worker);
  ASSERT_TRUE(Writer(client_.get()).put("MAIL FROM:<>\r\nRCPT TO:<a>\r\nQUIT\r\n").flush());
  give(*worker, {"rblsmtpd", "program"}, {{"RBLSMTPD", "-go away"}, {"TCPREMOTEIP", "192.0.2.1"}});
  const auto end = worker->take_end();
  ASSERT_TRUE(end);
  EXPECT_EQ(end->status, 0);
  EXPECT_EQ(end->text, "");
  EXPECT_FALSE(end->last);
  server_.close();
  EXPECT_EQ(read_all(client_.get(), 1000, "answers"),
            "220 rblsmtpd.local\r\n250 rblsmtpd.local\r\n553 go away\r\n221 rblsmtpd.local\r\n");
}

TEST_F(ResidentRblsmtpd, LeavesWhenAClientStaysTooLong) {
  auto worker = zygote_.hire();
  ASSERT_TRUE(worker);
  give(*worker, {"rblsmtpd", "-t1", "program"}, {{"RBLSMTPD", "go away"}});
  EXPECT_FALSE(worker->take_end());
  EXPECT_EQ(death(), 0);
}

TEST_F(ResidentRblsmtpd, SaysWhatIsWrongWithItsArguments) {
  auto worker = zygote_.hire();
  ASSERT_TRUE(worker);
  give(*worker, {"rblsmtpd", "-r"}, {});
  const auto end = worker->take_end();
  ASSERT_TRUE(end);
  EXPECT_EQ(WEXITSTATUS(end->status), 100);
}

}  // namespace
}  // namespace qmail::resident
