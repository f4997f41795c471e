// predate: run a program with a local Date field before its input. See predate(1).
#include <csignal>

#include "core/base/program.h"
#include "core/base/signals.h"
#include "core/programs/predate/predate.h"

int main(int argc, char** argv) {
  return qmail::run_program("predate", argc, argv, [](qmail::Process& self) {
    if (self.args.empty()) throw qmail::UsageError();
    qmail::signals::ignore(SIGPIPE);
    return qmail::predate(self.args, self.clock.now(), self.in);
  });
}
