// addcr: put a CR before every LF. See addcr(1).
#include "core/format/line_ends.h"
#include "ucspi/lib/filter.h"

int main(int argc, char** argv) {
  return qmail::run_program("addcr", argc, argv, [](qmail::Process& self) {
    qmail::ucspi::filter(self, qmail::add_cr);
    return 0;
  });
}
