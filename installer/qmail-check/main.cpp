// qmail-check: look for what is wrong with an installation. See qmail-check(8).
#include "core/base/program.h"
#include "installer/qmail-check/qmail_check.h"

int main(int argc, char** argv) {
  return qmail::run_program("qmail-check", argc, argv, [](qmail::Process& self) {
    return qmail::check::check_installation(
        self, {qmail::smtpd::features_compiled_in(), qmail::smtpc::features_compiled_in()});
  });
}
