// fixcrio: give a program's lines the CR that they lack. See fixcrio(1).
#include "core/base/program.h"
#include "ucspi/fixcrio/fix_cr_io.h"

int main(int argc, char** argv) {
  return qmail::run_program("fixcrio", argc, argv, [](qmail::Process& self) -> int {
    if (self.args.empty()) throw qmail::UsageError();
    qmail::ucspi::fix_cr_io(self.args);
  });
}
