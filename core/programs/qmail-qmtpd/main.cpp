// qmail-qmtpd: receive messages by QMTP. See qmail-qmtpd(8).
#include "core/base/program.h"
#include "core/programs/qmail-qmtpd/qmail_qmtpd.h"
#include "core/smtp/netstring_input.h"

int main(int argc, char** argv) {
  return qmail::run_program(
      "qmail-qmtpd", argc, argv, [](qmail::Process& self) { return qmail::receive_by_qmtp(self); },
      qmail::quiet_about_lost_clients("qmail-qmtpd"));
}
