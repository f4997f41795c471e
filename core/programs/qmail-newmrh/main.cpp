// qmail-newmrh: build control/morercpthosts.cdb. See qmail-newmrh(8).
#include "core/base/program.h"
#include "core/programs/qmail-newmrh/new_morercpthosts.h"

int main(int argc, char** argv) {
  return qmail::run_program("qmail-newmrh", argc, argv, [](qmail::Process& self) {
    qmail::new_morercpthosts(self.open_directory("control"));
    return 0;
  });
}
