// qmail-inject: complete the header of a message and queue it. See qmail-inject(8).
#include <csignal>
#include <unistd.h>

#include "core/base/program.h"
#include "core/base/signals.h"
#include "core/programs/qmail-inject/inject.h"

int main(int argc, char** argv) {
  return qmail::run_program("qmail-inject", argc, argv, [](qmail::Process& self) {
    qmail::signals::ignore(SIGPIPE);
    qmail::inject::inject({.args = self.args,
                           .environment = self.environment,
                           .home = self.home(),
                           .clock = self.clock,
                           .pid = ::getpid(),
                           .in = self.in,
                           .out = self.out});
    return 0;
  });
}
