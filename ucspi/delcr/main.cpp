// delcr: take the CR away at the end of every line. See delcr(1).
#include "core/base/io.h"
#include "core/format/line_ends.h"
#include "ucspi/lib/filter.h"

int main(int argc, char** argv) {
  return qmail::run_program("delcr", argc, argv, [](qmail::Process& self) {
    qmail::CrRemover remover;
    qmail::ucspi::filter(self, [&](std::string_view piece) { return remover.remove(piece); });
    qmail::Writer(self.out).put(remover.rest()).flush_or_throw("output");
    return 0;
  });
}
