// except: turn the answer of a program round. See except(1).
#include "core/base/program.h"
#include "core/programs/except/except.h"

int main(int argc, char** argv) {
  return qmail::run_program("except", argc, argv, [](qmail::Process& self) { return qmail::invert(self); });
}
