// qmail-popup: read a POP3 user name and password. See qmail-popup(8).
#include "core/base/program.h"
#include "core/programs/qmail-popup/qmail_popup.h"

int main(int argc, char** argv) {
  return qmail::run_program(
      "qmail-popup", argc, argv, [](qmail::Process& self) { return qmail::read_login(self); },
      qmail::refuse_login());
}
