// qmail-install: install qmailkit, remove it, and take either back. See qmail-install(8).
#include <unistd.h>

#include "core/base/program.h"
#include "installer/qmail-install/commands.h"

int main(int argc, char** argv) {
  return qmail::run_program("qmail-install", argc, argv, [](qmail::Process& self) {
    return qmail::installer::run(qmail::installer::parse_options(self.args),
                                 {.in = self.in,
                                  .out = self.out,
                                  .is_terminal = ::isatty(self.in) == 1 && ::isatty(self.out) == 1,
                                  .language = qmail::dialogue::find_language(self.environment)},
                                 self.clock);
  });
}
