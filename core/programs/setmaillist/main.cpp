// setmaillist: create a binary mailing list. See setmaillist(1).
#include "core/base/program.h"
#include "core/programs/setmaillist/set_mailing_list.h"

int main(int argc, char** argv) {
  return qmail::run_program("setmaillist", argc, argv, [](qmail::Process& self) {
    if (self.args.size() < 2) throw qmail::UsageError();
    qmail::set_mailing_list(self.in, self.args[0], self.args[1]);
    return 0;
  });
}
