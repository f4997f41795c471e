// qmail-tcpok: clear the table of hosts that time out. See qmail-tcpok(8).
#include "core/base/program.h"
#include "core/queue/timeout_table.h"

int main(int argc, char** argv) {
  return qmail::run_program("qmail-tcpok", argc, argv, [](qmail::Process& self) {
    const qmail::Directory queue = self.open_directory("queue");
    if (const auto failure = qmail::queue::TimeoutTable(queue).clear()) throw *failure;
    return 0;
  });
}
