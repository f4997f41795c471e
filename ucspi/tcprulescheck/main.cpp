// tcprulescheck: say what tcpserver would do with a client. See tcprulescheck(1).
#include "core/base/io.h"
#include "core/base/program.h"
#include "ucspi/tcprulescheck/check_rules.h"

int main(int argc, char** argv) {
  return qmail::run_program("tcprulescheck", argc, argv, [](qmail::Process& self) {
    const auto check = qmail::ucspi::Check::parse(self.args);
    qmail::Writer(self.out).put(qmail::ucspi::check_rules(check, self.environment)).flush_or_throw("output");
    return 0;
  });
}
