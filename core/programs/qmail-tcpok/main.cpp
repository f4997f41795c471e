// qmail-tcpok: clear the table of hosts that time out. See qmail-tcpok(8).
#include "core/base/program.h"
#include "core/queue/timeout_table.h"

int main(int argc, char** argv) {
  return qmail::run_program("qmail-tcpok", argc, argv, [](qmail::Process& self) {
    const qmail::Directory home = self.home();
    if (const auto failure = qmail::queue::TimeoutTable(home).clear()) throw *failure;
    return 0;
  });
}
