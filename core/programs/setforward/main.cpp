// setforward: create a forwarding database. See setforward(1).
#include "core/base/program.h"
#include "core/programs/setforward/set_forward.h"

int main(int argc, char** argv) {
  return qmail::run_program("setforward", argc, argv, [](qmail::Process& self) {
    if (self.args.size() < 2) throw qmail::UsageError();
    qmail::set_forward(self.in, self.args[0], self.args[1]);
    return 0;
  });
}
