// tai64n: put the time before each line. See tai64n(8).
#include "core/base/program.h"
#include "core/programs/tai64n/stamp_tai64n.h"

int main(int argc, char** argv) {
  return qmail::run_program("tai64n", argc, argv, [](qmail::Process& self) {
    if (!self.args.empty()) throw qmail::UsageError();
    qmail::stamp_tai64n(self.in, self.out, self.clock);
    return 0;
  });
}
