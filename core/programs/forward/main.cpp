// forward: forward a message to addresses, from a .qmail file. See forward(1).
#include "core/base/program.h"
#include "core/programs/forward/forward_message.h"

int main(int argc, char** argv) {
  return qmail::run_program("forward", argc, argv,
                            [](qmail::Process& self) { return qmail::forward_message(self); });
}
