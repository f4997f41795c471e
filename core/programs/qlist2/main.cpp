// qlist2: qlist with the arguments that a list of this name has. See qlist2(1).
#include "core/base/program.h"
#include "core/programs/qlist2/qlist2.h"

int main(int argc, char** argv) {
  return qmail::run_program("qlist2", argc, argv,
                            [](qmail::Process& self) -> int { qmail::become_qlist(self); });
}
