// tcprules: compile rules for tcpserver. See tcprules(1).
#include "core/base/io.h"
#include "core/base/program.h"
#include "ucspi/tcprules/compile_rules.h"

int main(int argc, char** argv) {
  return qmail::run_program("tcprules", argc, argv, [](qmail::Process& self) {
    if (self.args.size() < 2) throw qmail::UsageError();
    qmail::ucspi::compile_rules(self.in, self.args[0], self.args[1], self.err);
    return 0;
  });
}
