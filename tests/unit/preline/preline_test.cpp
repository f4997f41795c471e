#include "core/programs/preline/preline.h"

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"
#include "tests/support/temp_home.h"

namespace qmail {

// run_program, which is not called here, would take it from the manual page.
const ProgramText program_text{"preline", "", "", ""};

namespace {

int run_preline(const std::string& message, const std::string& script) {
  const test::TempHome home;
  home.write("message", message);
  const Fd in = home.open().open_file("message");
  const test::FakeClock clock;
  return preline({.name = "preline",
                  .args = {"sh", "-c", script},
                  .invoked_as = "preline",
                  .environment = {{"UFLINE", "From u\n"}, {"RPLINE", "R\n"}, {"DTLINE", "D\n"}},
                  .clock = clock,
                  .real_uid = 0,
                  .in = in.get()});
}

TEST(Preline, DefersALongMessageThatTheCommandDoesNotRead) {
  EXPECT_THROW(run_preline(std::string(1 << 20, 'x'), "exit 0"), Failure);
  EXPECT_EQ(run_preline("short\n", "exit 3"), 3);
}

TEST(Preline, PassesALongMessageOn) {
  EXPECT_EQ(run_preline(std::string(1 << 20, 'x'), "test $(wc -c) -eq 1048587"), 0);
}

}  // namespace
}  // namespace qmail
