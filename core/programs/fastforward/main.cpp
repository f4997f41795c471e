// fastforward: forward a message as a forwarding database says. See fastforward(1).
#include "core/base/program.h"
#include "core/programs/fastforward/fastforward.h"

int main(int argc, char** argv) {
  return qmail::run_program("fastforward", argc, argv,
                            [](qmail::Process& self) { return qmail::fast_forward(self); });
}
