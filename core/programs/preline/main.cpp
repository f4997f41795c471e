// preline: run a command with delivery lines before the message. See preline(1).
#include "core/base/program.h"
#include "core/programs/preline/preline.h"

int main(int argc, char** argv) {
  return qmail::run_program("preline", argc, argv, [](qmail::Process& self) { return qmail::preline(self); });
}
