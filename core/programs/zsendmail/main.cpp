// zsendmail: a log in the manner of sendmail. See zsendmail(1).
#include "core/base/program.h"
#include "core/log/activity/tool.h"
#include "core/programs/zsendmail/sendmail_log.h"

int main(int argc, char** argv) {
  return qmail::run_program("zsendmail", argc, argv, [](qmail::Process& self) {
    return qmail::activity::summarize(self, qmail::print_sendmail_log);
  });
}
