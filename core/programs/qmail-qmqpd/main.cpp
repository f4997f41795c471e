// qmail-qmqpd: receive messages by QMQP. See qmail-qmqpd(8).
#include "core/base/program.h"
#include "core/programs/qmail-qmqpd/qmail_qmqpd.h"
#include "core/smtp/netstring_input.h"

int main(int argc, char** argv) {
  return qmail::run_program(
      "qmail-qmqpd", argc, argv, [](qmail::Process& self) { return qmail::receive_by_qmqp(self); },
      qmail::quiet_about_lost_clients("qmail-qmqpd"));
}
