// qmail-authd: have passwords checked for others, and slow down those who guess. See qmail-authd(8).
#include "core/base/program.h"
#include "core/programs/qmail-authd/report.h"
#include "core/programs/qmail-authd/server.h"

int main(int argc, char** argv) {
  return qmail::run_program("qmail-authd", argc, argv, [](qmail::Process& self) {
    if (self.args == std::vector<std::string>{"report"}) return qmail::authd::report_user(self);
    if (!self.args.empty()) throw qmail::UsageError();
    return qmail::authd::serve(self);
  });
}
