// matchup: bring the start and the end of each delivery together. See matchup(1).
#include "core/base/program.h"
#include "core/log/activity/calendar.h"
#include "core/programs/matchup/matchup.h"

int main(int argc, char** argv) {
  return qmail::run_program("matchup", argc, argv, [](qmail::Process& self) {
    if (!self.args.empty()) throw qmail::UsageError();
    constexpr int pending = 5;
    qmail::activity::SystemCalendar calendar(self.clock);
    qmail::match_up({.log = self.in, .out = self.out, .pending = pending, .calendar = calendar});
    return 0;
  });
}
