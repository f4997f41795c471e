// printforward: print a forwarding database. See printforward(1).
#include "core/base/program.h"
#include "core/programs/printforward/print_forward.h"

int main(int argc, char** argv) {
  return qmail::run_program("printforward", argc, argv, [](qmail::Process& self) {
    qmail::print_forward(self.in, self.out);
    return 0;
  });
}
