// printmaillist: print a binary mailing list. See printmaillist(1).
#include "core/base/program.h"
#include "core/programs/printmaillist/print_mailing_list.h"

int main(int argc, char** argv) {
  return qmail::run_program("printmaillist", argc, argv, [](qmail::Process& self) {
    qmail::print_mailing_list(self.in, self.out);
    return 0;
  });
}
