// qmail-smtpd: receive messages by SMTP. See qmail-smtpd(8).
#include "core/base/program.h"
#include "core/programs/qmail-smtpd/features.h"
#include "core/programs/qmail-smtpd/qmail_smtpd.h"

int main(int argc, char** argv) {
  return qmail::run_program(
      "qmail-smtpd", argc, argv,
      [](qmail::Process& self) { return qmail::receive_by_smtp(self, qmail::features_compiled_in()); },
      qmail::refuse_by_smtp());
}
