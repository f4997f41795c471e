// addcr: put a CR before every LF. See addcr(1).
#include "ucspi/lib/filter.h"
#include "ucspi/lib/line_ends.h"

int main(int argc, char** argv) {
  return qmail::run_program("addcr", argc, argv, [](qmail::Process& self) {
    qmail::ucspi::filter(self, qmail::ucspi::add_cr);
    return 0;
  });
}
