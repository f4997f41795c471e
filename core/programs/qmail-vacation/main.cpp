// qmail-vacation: answer a message while its recipient is away. See qmail-vacation(1).
#include "core/base/program.h"
#include "core/programs/qmail-vacation/vacation.h"

int main(int argc, char** argv) {
  return qmail::run_program("qmail-vacation", argc, argv,
                            [](qmail::Process& self) { return qmail::vacation::answer(self); });
}
