#include <gtest/gtest.h>
#include <limits>

#include "core/base/program.h"
#include "core/programs/maildirwatch/watch.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_home.h"

namespace qmail {

// run_program, which is not called here, would take it from the manual page.
const ProgramText program_text{"maildirwatch", "", "", ""};

namespace {

TEST(Maildirwatch, ShowsWhatIsNewAgainAndAgain) {
  const test::TempHome home;
  for (const char* part : {"tmp", "new", "cur"})
    std::filesystem::create_directories(home.path() / "M" / part);
  home.write("M/cur/1", "Subject: seen\n\n");
  home.write("M/new/2",
             "Return-Path: <joe@x.example>\nDelivered-To: me@here\nSubject: one\x1b[2J\nFrom: \"Joe\"\n "
             "<joe@x.example>\n"
             "\nfirst\xff\n" +
                 std::string(200, 'x'));
  const Fd out(::open((home.path() / "screen").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  const test::FakeClock clock(std::numeric_limits<std::int64_t>::max());
  const std::string clear = "\033[;H\033[;J";
  const std::string first = clear +
                            "FROM <joe@x.example> TO <me@here>\n"
                            "\033[1mFrom: \"Joe\"/ <joe@x.example>\033[0m\n"
                            "one/[2J//first//" +
                            std::string(158 - 16, 'x') + "\n\n";
  int pauses = 0;
  const auto pause = [&](unsigned seconds) {
    EXPECT_EQ(seconds, 30U);
    if (++pauses == 2) return false;
    EXPECT_EQ(home.read("screen"), first);
    home.write("M/new/2", "no header\n");
    std::filesystem::create_symlink("/nonexistent", home.path() / "M/new/gone");
    return true;
  };
  EXPECT_EQ(watch_maildir({{"MAILDIR", (home.path() / "M").string()}}, clock, out.get(), pause), 0);
  EXPECT_EQ(home.read("screen"), first + clear + "FROM ? TO <?>\n/no header/\n\n");
}

}  // namespace
}  // namespace qmail
