// qmail-run: keep a mail server running in the foreground, also as a container's first process. See
// qmail-run(8).
#include "core/base/program.h"
#include "core/programs/qmail-run/qmail_run.h"
#include "core/programs/qmail-run/stamp_lines.h"

int main(int argc, char** argv) {
  return qmail::run_program("qmail-run", argc, argv, [](qmail::Process& self) {
    if (self.args == std::vector<std::string>{"log"})
      return qmail::stamp_lines(self.in, self.out, self.clock);
    return qmail::keep_running(qmail::parse_wanted(self.args), self.home(), self.clock, self.err);
  });
}
