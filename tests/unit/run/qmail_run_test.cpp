#include "core/programs/qmail-run/qmail_run.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <signal.h>
#include <sstream>
#include <sys/wait.h>
#include <thread>

#include "core/base/spawn.h"

namespace qmail {
namespace {

namespace fs = std::filesystem;

/// A home whose programs are scripts that write what happens to them into the file `events`.
class QmailRunTest : public testing::Test {
 protected:
  QmailRunTest() {
    home_ = fs::temp_directory_path() / ("qmail-run." + std::to_string(::getpid()));
    for (const char* name : {"bin", "control", "users"}) fs::create_directories(home_ / name);
    for (const char* user : {"alias", "qmaild", "qmaill", "qmailp", "qmailq", "qmailr", "qmails"})
      ids_ += std::string(user) + ":" + std::to_string(::getuid()) + ":" + std::to_string(::getgid()) + "\n";
    write("users/ids", ids_);
    write("control/defaultdelivery", "./Mailbox\n");
    write("control/rcpthosts", "");
    script("qmail-run", "sed 's/^/log: /' >> events");
    script("qmail-start",
           "trap 'echo send TERM >> events; exit 0' TERM\necho \"send $1 $PATH\" >> events\n" + forever);
    script("tcpserver",
           "trap 'echo smtpd TERM >> events; exit 0' TERM\n"
           "echo to-the-log >&2; echo \"smtpd\" >> events\n" +
               forever);
  }
  ~QmailRunTest() override { fs::remove_all(home_); }

  void write(const std::string& name, const std::string& text) { std::ofstream(home_ / name) << text; }
  void script(const std::string& name, const std::string& body) {
    write("bin/" + name, "#!/bin/sh\ncd " + home_.string() + "\n" + body + "\n");
    fs::permissions(home_ / "bin" / name, fs::perms::owner_all);
  }
  std::string events() {
    std::ostringstream text;
    text << std::ifstream(home_ / "events").rdbuf();
    return text.str();
  }
  bool wait_for(const std::string& event) {
    for (int i = 0; i < 1000; ++i) {
      if (events().find(event) != std::string::npos) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }
  void start(const std::vector<std::string>& args) {
    child_ = ::fork();
    if (child_ != 0) return;
    const int err = ::open((home_ / "said").c_str(), O_WRONLY | O_CREAT, 0644);
    ::_exit(keep_running(parse_wanted(args), Directory::open(home_.string()), SystemClock(), err));
  }
  int stop(int number = SIGTERM) {
    ::kill(child_, number);
    return qmail::wait_for(child_);
  }

  const std::string forever = "while :; do sleep 0.05; done";
  fs::path home_;
  std::string ids_;
  pid_t child_ = 0;
};

TEST_F(QmailRunTest, StartsBothAndStopsThemInOrder) {
  start({});
  EXPECT_TRUE(wait_for("send ./Mailbox " + home_.string() + "/bin:"));
  EXPECT_TRUE(wait_for("smtpd\n"));
  const int status = stop();
  EXPECT_FALSE(crashed(status));
  EXPECT_EQ(exit_code(status), 0);
  EXPECT_LT(events().find("smtpd TERM"), events().find("log: to-the-log"));
  EXPECT_LT(events().find("log: to-the-log"), events().find("send TERM"));
}

TEST_F(QmailRunTest, KeepsTheLogsInFiles) {
  script("multilog", "echo \"multilog $*\" >> events; sed 's/^/log: /' >> events");
  start({"--files", "/var/log/mail"});
  EXPECT_TRUE(wait_for("multilog t s1000000 n20 /var/log/mail/qmail\n"));
  EXPECT_TRUE(wait_for("multilog t s1000000 n20 /var/log/mail/smtpd\n"));
  EXPECT_TRUE(wait_for("\nsmtpd\n"));
  EXPECT_EQ(exit_code(stop()), 0);
  EXPECT_NE(events().find("log: to-the-log"), std::string::npos);
}

TEST_F(QmailRunTest, TheLastLinesAreInTheLogBeforeItEnds) {
  script("qmail-run", "while read -r line; do sleep 0.2; echo \"log: $line\" >> events; done");
  script("qmail-start", "trap 'echo one; echo last; exit 0' TERM; echo ready >> events\n" + forever);
  start({"send"});
  EXPECT_TRUE(wait_for("ready\n"));
  EXPECT_EQ(exit_code(stop()), 0);
  EXPECT_NE(events().find("log: last\n"), std::string::npos);
}

TEST_F(QmailRunTest, WithoutRcpthostsItSendsAndDoesNotListenUntilTheFileIsThere) {
  fs::remove(home_ / "control/rcpthosts");
  start({});
  EXPECT_TRUE(wait_for("send ./Mailbox"));
  EXPECT_EQ(events().find("smtpd\n"), std::string::npos);
  write("control/rcpthosts", "example.org\n");
  ::kill(child_, SIGHUP);
  EXPECT_TRUE(wait_for("smtpd\n"));
  stop();
}

TEST_F(QmailRunTest, StartsTlsWhereItIsConfigured) {
  const std::string resident =
      "trap 'echo $0 TERM >> events; exit 0' TERM; trap 'echo $0 HUP >> events' HUP\n";
  for (const char* name : {"ucspi-tlsd", "ucspi-tlsc"})
    script(name, "echo " + std::string(name) + " >> events\n" + resident + forever);
  script("qmail-start",
         "trap 'echo send TERM >> events; exit 0' TERM; trap '' HUP\necho send >> events\n" + forever);
  write("control/servercert.pem", "");
  write("users/ids", ids_ + "qmailt:1:1\n");
  start({});
  EXPECT_TRUE(wait_for("ucspi-tlsd\n"));
  EXPECT_TRUE(wait_for("ucspi-tlsc\n"));
  EXPECT_TRUE(wait_for("send\n"));
  ::kill(child_, SIGHUP);
  EXPECT_TRUE(wait_for("ucspi-tlsd HUP\n"));
  EXPECT_EQ(exit_code(stop()), 0);
  EXPECT_LT(events().find("ucspi-tlsd TERM"), events().find("send TERM"));
  EXPECT_LT(events().find("send TERM"), events().find("ucspi-tlsc TERM"));
}

TEST_F(QmailRunTest, OpensThePortsForSubmissionOnceTheyAreWanted) {
  script("ucspi-tlsd", "exec sleep 1000");
  script("tcpserver",
         "trap 'exit 0' TERM\necho \"$* [$SUBMISSION]\" | sed 's:[^ ]*/::g' >> events\n" + forever);
  start({"smtpd"});
  EXPECT_TRUE(wait_for("-X -x tcp.smtp.cdb 0 25 qmail-smtpd []\n"));
  EXPECT_EQ(events().find("587"), std::string::npos);
  write("control/concurrencysubmission", "7\n");
  ::kill(child_, SIGHUP);
  EXPECT_TRUE(wait_for("-X -x tcp.submission.cdb 0 587 qmail-smtpd [1]\n"));
  EXPECT_NE(events().find(" -c 7 "), std::string::npos);
  EXPECT_EQ(events().find("465"), std::string::npos);
  write("control/servercert.pem", "");
  ::kill(child_, SIGHUP);
  EXPECT_TRUE(wait_for("-X -x tcp.submission.cdb 0 465 tlsserve qmail-smtpd [1]\n"));
  EXPECT_EQ(exit_code(stop()), 0);
}

TEST_F(QmailRunTest, StartsNoTlsWhereItIsNot) {
  for (const char* name : {"ucspi-tlsd", "ucspi-tlsc"})
    script(name, "echo " + std::string(name) + " >> events\n" + forever);
  start({});
  EXPECT_TRUE(wait_for("smtpd\n"));
  EXPECT_EQ(exit_code(stop()), 0);
  EXPECT_EQ(events().find("ucspi"), std::string::npos);
}

TEST_F(QmailRunTest, StartsQmailAuthdOnceAProgramForItIsNamed) {
  script("qmail-authd", "trap 'echo authd TERM >> events; exit 0' TERM; echo authd >> events\n" + forever);
  start({"smtpd"});
  EXPECT_TRUE(wait_for("smtpd\n"));
  EXPECT_EQ(events().find("authd"), std::string::npos);
  write("control/checkpassword", "checkpassword\n");
  ::kill(child_, SIGHUP);
  EXPECT_TRUE(wait_for("authd\n"));
  EXPECT_EQ(exit_code(stop()), 0);
  EXPECT_NE(events().find("authd TERM"), std::string::npos);
}

TEST_F(QmailRunTest, StartsAgainWhatEnds) {
  script("qmail-start", "echo run >> events; exit 3");
  start({"send"});
  EXPECT_TRUE(wait_for("run\nrun\n"));
  EXPECT_EQ(exit_code(stop(SIGINT)), 0);
}

}  // namespace
}  // namespace qmail
