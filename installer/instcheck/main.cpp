// instcheck: compare what is installed with the manifest. See instcheck(8).
#include "core/base/program.h"
#include "installer/instcheck/instcheck.h"

int main(int argc, char** argv) {
  return qmail::run_program("instcheck", argc, argv,
                            [](qmail::Process& self) { return qmail::instcheck(self.args, self.err); });
}
