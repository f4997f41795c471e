#include "core/programs/splogger/splogger.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>

#include "core/base/publish.h"
#include "core/programs/splogger/syslog_socket.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_home.h"

namespace qmail {
namespace {

struct Sent {
  int priority;
  std::string text;
  bool operator==(const Sent&) const = default;
};
void PrintTo(const Sent& sent, std::ostream* out) { *out << sent.priority << " " << sent.text; }

std::vector<Sent> log(const std::string& lines) {
  Pipe pipe = Pipe::make();
  write_all(pipe.write.get(), lines, "pipe");
  pipe.write.close();
  test::FakeClock clock;
  clock.set({862161420, 691});
  std::vector<Sent> sent;
  log_lines(pipe.read.get(), clock, [&](int priority, const std::string& text) {
    sent.push_back({priority, text});
  });
  return sent;
}

TEST(Splogger, PutsTheTimeBeforeEachLine) {
  EXPECT_EQ(log("running\n\nend msg 5\n"), (std::vector<Sent>{{LOG_INFO, "862161420.000691 running"},
                                                              {LOG_INFO, "862161420.000691 end msg 5"}}));
}

TEST(Splogger, TakesThePriorityFromTheFirstWord) {
  EXPECT_EQ(log("alert: oh no!\nwarning: trouble\nalert without colon\n"),
            (std::vector<Sent>{{LOG_ALERT, "862161420.000691 alert: oh no!"},
                               {LOG_WARNING, "862161420.000691 warning: trouble"},
                               {LOG_INFO, "862161420.000691 alert without colon"}}));
}

TEST(Splogger, HidesWhatIsNotPrintable) {
  EXPECT_EQ(log(std::string("a\0b\tc\x7f\xe4\n", 8)),
            (std::vector<Sent>{{LOG_INFO, "862161420.000691 a?b?c??"}}));
}

TEST(Splogger, FoldsLongLines) {
  const std::string line = "warning:" + std::string(1600, 'x');
  EXPECT_EQ(log(line + "\n"), (std::vector<Sent>{{LOG_WARNING, "862161420.000691 " + line.substr(0, 799)},
                                                 {LOG_WARNING, "862161420.000691+" + line.substr(799, 799)},
                                                 {LOG_WARNING, "862161420.000691+" + line.substr(1598)}}));
}

TEST(Splogger, DropsALastLineWithoutNewline) { EXPECT_EQ(log("cut"), std::vector<Sent>{}); }

/// A syslog daemon that keeps one datagram.
class Daemon {
 public:
  explicit Daemon(const std::string& path) : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, path.size());
    ::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
  }
  std::string receive() const {
    std::string bytes(2000, '\0');
    const ssize_t got = ::recv(socket_.get(), bytes.data(), bytes.size(), 0);
    return got < 0 ? "(nothing)" : bytes.substr(0, static_cast<std::size_t>(got));
  }

 private:
  Fd socket_;
};

class SyslogSocketTest : public testing::Test {
 protected:
  SyslogSocketTest() { ::setenv("TZ", "UTC", 1); }
  std::string log_path() const { return (home.path() / "log").string(); }
  test::TempHome home;
  test::FakeClock clock{862161420};
};

TEST_F(SyslogSocketTest, WritesWhatSyslogWrites) {
  const Daemon daemon(log_path());
  SyslogSocket socket(log_path(), "qmail", 2, clock);
  socket.send(LOG_INFO, "862161420.691666 running");
  EXPECT_EQ(daemon.receive(), "<22>Apr 27 17:17:00 qmail: 862161420.691666 running");
}

TEST_F(SyslogSocketTest, TakesAnImpossibleFacilityForUser) {
  const Daemon daemon(log_path());
  SyslogSocket(log_path(), "t", 0, clock).send(LOG_ALERT, "x");
  EXPECT_EQ(daemon.receive(), "<9>Apr 27 17:17:00 t: x");
  SyslogSocket(log_path(), "t", 128, clock).send(LOG_ALERT, "x");
  EXPECT_EQ(daemon.receive(), "<9>Apr 27 17:17:00 t: x");
}

TEST_F(SyslogSocketTest, FindsTheDaemonAgainAfterItsRestart) {
  const std::string path_of_log = log_path();
  SyslogSocket socket(path_of_log, "t", 2, clock);
  socket.send(LOG_INFO, "lost");
  {
    const Daemon first(path_of_log);
    socket.send(LOG_INFO, "one");
    EXPECT_EQ(first.receive(), "<22>Apr 27 17:17:00 t: one");
  }
  std::filesystem::remove(path_of_log);
  const Daemon second(path_of_log);
  socket.send(LOG_INFO, "two");
  EXPECT_EQ(second.receive(), "<22>Apr 27 17:17:00 t: two");
}

}  // namespace
}  // namespace qmail
