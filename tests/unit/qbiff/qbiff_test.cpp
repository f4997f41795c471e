#include <cstring>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <termios.h>
#include <utmpx.h>

#include "core/programs/qbiff/announce.h"
#include "core/programs/qbiff/logins.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_home.h"

namespace qmail {

// run_program, which is not called here, would take it from the manual page.
const ProgramText program_text{"qbiff", "", "", ""};

namespace {

std::string login(std::string_view user, std::string_view terminal, short type = USER_PROCESS) {
  utmpx entry{};
  entry.ut_type = type;
  std::memcpy(entry.ut_user, user.data(), std::min(user.size(), sizeof entry.ut_user));
  std::memcpy(entry.ut_line, terminal.data(), std::min(terminal.size(), sizeof entry.ut_line));
  return {reinterpret_cast<const char*>(&entry), sizeof entry};
}

/// Both ends of a terminal that changes nothing of what is written.
struct Terminal {
  Terminal() : screen(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)) {
    EXPECT_EQ(::grantpt(screen.get()) | ::unlockpt(screen.get()), 0);
    path = ::ptsname(screen.get());
    keyboard = Fd(::open(path.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC));
    termios raw{};
    ::tcgetattr(keyboard.get(), &raw);
    ::cfmakeraw(&raw);
    ::tcsetattr(keyboard.get(), TCSANOW, &raw);
  }
  std::string name() const { return path.substr(std::string_view("/dev/").size()); }
  std::string shown() const {
    std::string text(4096, '\0');
    const ssize_t got = ::read(screen.get(), text.data(), text.size());
    text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return text;
  }
  Fd screen, keyboard;
  std::string path;
};

class Qbiff : public testing::Test {
 protected:
  void announce(const std::string& logins, uid_t uid = ::getuid()) {
    home_.write("utmp", logins);
    home_.write("message",
                "Received: x\nSubject: one\n two\nTo: me\n\nbody \x1b[2J\xff\n" + std::string(200, 'x'));
    const Fd in = home_.open().open_file("message");
    const test::FakeClock clock;
    const Process self{.name = "qbiff",
                       .args = {},
                       .invoked_as = "qbiff",
                       .environment = {{"USER", "me"}, {"SENDER", "joe\x1b@x"}, {"LOCAL", "me-a"}},
                       .clock = clock,
                       .real_uid = uid,
                       .in = in.get()};
    EXPECT_EQ(announce_message(self, {.logins = (home_.path() / "utmp").string()}), 0);
  }
  test::TempHome home_;
  Terminal terminal_;
};

TEST_F(Qbiff, ShowsTwoHarmlessLinesWhereItIsAllowed) {
  ASSERT_EQ(::chmod(terminal_.path.c_str(), 0700), 0);
  announce(login("me", terminal_.name()));
  EXPECT_EQ(terminal_.shown(), "\r\n\a*** TO <me-a> FROM <joe_@x>\r\n    one/ two//body /[2J//" +
                                   std::string(78 - 21 - 4, 'x') + "\r\n");
}

TEST_F(Qbiff, DisturbsNobodyElse) {
  ASSERT_EQ(::chmod(terminal_.path.c_str(), 0600), 0);
  announce(login("me", terminal_.name()));
  ASSERT_EQ(::chmod(terminal_.path.c_str(), 0700), 0);
  announce(login("me", terminal_.name()), ::getuid() + 1);
  announce(login("somebody", terminal_.name()));
  announce(login("me", terminal_.name(), DEAD_PROCESS));
  announce(login("me", terminal_.path));
  announce(login("me", "../dev/" + terminal_.name()));
  EXPECT_EQ(terminal_.shown(), "");
}

TEST_F(Qbiff, WritesToNothingButTerminals) {
  home_.write("file", "");
  ASSERT_EQ(::chmod((home_.path() / "file").c_str(), 0700), 0);
  home_.write("utmp", login("me", "file"));
  const test::FakeClock clock;
  const Process self{.name = "qbiff",
                     .args = {},
                     .invoked_as = "qbiff",
                     .environment = {{"USER", "me"}, {"SENDER", ""}, {"LOCAL", "me"}},
                     .clock = clock,
                     .real_uid = ::getuid()};
  const std::string home = home_.path().string();
  EXPECT_EQ(announce_message(self, {.logins = home + "/utmp", .devices = home}), 0);
  EXPECT_EQ(home_.read("file"), "");
}

TEST(Logins, AreReadAsFarAsTheyAreWhole) {
  const test::TempHome home;
  const std::string long_name(32, 'u');
  home.write("utmp", login("me", "pts/1") + login(long_name, "tty1") + login("me", "") +
                         login("me", "pts/2") + "rest");
  const std::string path = (home.path() / "utmp").string();
  EXPECT_EQ(terminals_of("me", path), (std::vector<std::string>{"pts/1", "pts/2"}));
  EXPECT_EQ(terminals_of(long_name, path), std::vector<std::string>{"tty1"});
  EXPECT_TRUE(terminals_of("m", path).empty());
  EXPECT_TRUE(terminals_of("me", path + ".none").empty());
}

}  // namespace
}  // namespace qmail
