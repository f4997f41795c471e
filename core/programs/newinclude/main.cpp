// newinclude: create a binary mailing list from an :include: file. See newinclude(1).
#include "core/base/program.h"
#include "core/programs/newinclude/new_include.h"

int main(int argc, char** argv) {
  return qmail::run_program("newinclude", argc, argv, [](qmail::Process& self) {
    if (self.args.empty()) throw qmail::UsageError();
    qmail::new_include(qmail::Control(self.open_directory("control")), self.args.front());
    return 0;
  });
}
