// tcprulescheck: say what tcpserver would do with a client. See tcprulescheck(1).
#include "core/base/io.h"
#include "core/base/program.h"
#include "ucspi/tcprulescheck/check_rules.h"

int main(int argc, char** argv) {
  return qmail::run_program("tcprulescheck", argc, argv, [](qmail::Process& self) {
    if (self.args.empty()) throw qmail::UsageError();
    qmail::Writer(self.out)
        .put(qmail::ucspi::explain_rules(self.args.front(), self.environment))
        .flush_or_throw("output");
    return 0;
  });
}
