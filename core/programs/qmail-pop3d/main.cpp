// qmail-pop3d: give a user the messages of a maildir by POP3. See qmail-pop3d(8).
#include "core/base/program.h"
#include "core/programs/qmail-pop3d/qmail_pop3d.h"

int main(int argc, char** argv) {
  return qmail::run_program(
      "qmail-pop3d", argc, argv, [](qmail::Process& self) { return qmail::serve_maildir(self); },
      qmail::refuse_maildir());
}
