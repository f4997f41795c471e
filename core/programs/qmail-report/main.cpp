// qmail-report: say what the mail server did, from its log. See qmail-report(8).
#include "core/base/program.h"
#include "core/programs/qmail-report/report.h"

int main(int argc, char** argv) {
  return qmail::run_program("qmail-report", argc, argv, [](qmail::Process& self) {
    qmail::report::report_on(qmail::report::Request::parse(self.args), self);
    return 0;
  });
}
