// qmail-qmqpc: queue a message on another host by QMQP. See qmail-qmqpc(8).
#include "core/base/program.h"
#include "core/programs/qmail-qmqpc/qmail_qmqpc.h"

int main(int argc, char** argv) {
  return qmail::run_program("qmail-qmqpc", argc, argv,
                            [](qmail::Process& self) { return qmail::queue_by_qmqp(self); },
                            {.out_of_memory = static_cast<int>(qmail::QmqpCode::out_of_memory)});
}
