// qmail-pw2u: make address assignments from passwd entries. See qmail-pw2u(8).
#include "core/base/io.h"
#include "core/base/program.h"
#include "core/programs/qmail-pw2u/pw2u.h"

int main(int argc, char** argv) {
  return qmail::run_program("qmail-pw2u", argc, argv, [](qmail::Process& self) {
    const qmail::pw2u::Choices choices = qmail::pw2u::parse_choices(self.args);
    const std::string assign = qmail::pw2u::make_assign(self.in, self.home(), choices);
    qmail::Writer(self.out).put(assign).flush_or_throw("output");
    return 0;
  });
}
