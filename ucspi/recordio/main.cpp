// recordio: show what a program reads and writes. See recordio(1).
#include "core/base/program.h"
#include "ucspi/recordio/record_io.h"

int main(int argc, char** argv) {
  return qmail::run_program("recordio", argc, argv, [](qmail::Process& self) -> int {
    if (self.args.empty()) throw qmail::UsageError();
    qmail::ucspi::record_io(self.args, self.err);
  });
}
