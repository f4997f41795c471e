// dot-forward: obey a .forward file. See dot-forward(1).
#include "core/base/program.h"
#include "core/programs/dot-forward/dot_forward.h"

int main(int argc, char** argv) {
  return qmail::run_program("dot-forward", argc, argv,
                            [](qmail::Process& self) { return qmail::dot_forward(self); });
}
