// qmail-qctl: look after the queue. See qmail-qctl(8).
#include "core/programs/qmail-qctl/qmail_qctl.h"

int main(int argc, char** argv) {
  return qmail::run_program("qmail-qctl", argc, argv, qmail::qctl::control_queue);
}
