// tlsserve: secure a connection, then run a program. See tlsserve(1).
#include "core/base/program.h"
#include "ucspi/tlsserve/serve.h"

int main(int argc, char** argv) {
  return qmail::run_program("tlsserve", argc, argv, [](qmail::Process& self) -> int {
    qmail::ucspi::serve_secured(qmail::ucspi::parse_serving(self.args), self);
  });
}
