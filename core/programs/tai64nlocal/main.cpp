// tai64nlocal: make the times of lines readable. See tai64nlocal(8).
#include "core/base/program.h"
#include "core/programs/tai64nlocal/local_times.h"

int main(int argc, char** argv) {
  return qmail::run_program("tai64nlocal", argc, argv, [](qmail::Process& self) {
    if (!self.args.empty()) throw qmail::UsageError();
    qmail::write_local_times(self.in, self.out);
    return 0;
  });
}
