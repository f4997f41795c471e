// multilog: keep lines in logs that rotate. See multilog(8).
#include <unistd.h>

#include "core/base/program.h"
#include "core/programs/multilog/recorder.h"

int main(int argc, char** argv) {
  return qmail::run_program("multilog", argc, argv, [](qmail::Process& self) {
    constexpr unsigned pause_seconds = 5;
    const qmail::multilog::Patience patience(self.err, [] { ::sleep(pause_seconds); });
    return qmail::multilog::record_lines(
        qmail::multilog::parse_script(self.args),
        {.in = self.in, .err = self.err, .clock = self.clock, .patience = patience});
  });
}
