// rblsmtpd --resident, as tcpserver would run it.
#include <array>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "core/base/io.h"
#include "core/base/resident.h"
#include "ucspi/rblsmtpd/rblsmtpd.h"

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

  Zygote zygote_ = start();
  Fd client_, server_;
};

TEST_F(ResidentRblsmtpd, SaysWhoIsLetInAndServesOn) {
  auto worker = zygote_.hire();
  ASSERT_TRUE(worker);
  for (int i = 0; i < 3; ++i) {
    give(*worker, {"rblsmtpd", "-r", "list.example", "program"},
         {{"RBLSMTPD", ""}, {"TCPREMOTEIP", "192.0.2.1"}});
    const auto end = worker->take_end();
    ASSERT_TRUE(end);
    EXPECT_EQ(end->status, 0);
    EXPECT_EQ(end->text, ucspi::let_in);
    EXPECT_FALSE(end->last);
  }
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
  pollfd zygote{zygote_.fd(), POLLIN, 0};
  ASSERT_EQ(::poll(&zygote, 1, 20000), 1);
  const auto deaths = zygote_.take_deaths();
  ASSERT_TRUE(deaths && deaths->size() == 1);
  EXPECT_EQ(deaths->front().status, 0);
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
