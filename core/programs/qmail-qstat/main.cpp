// qmail-qstat: count the messages of the queue. See qmail-qstat(8).
#include "core/base/io.h"
#include "core/base/program.h"
#include "core/programs/qmail-qstat/qmail_qstat.h"

int main(int argc, char** argv) {
  return qmail::run_program("qmail-qstat", argc, argv, [](qmail::Process& self) {
    const auto queue = qmail::queue::Layout::open(self.home());
    qmail::Writer(self.out).put(qmail::queue::count_messages(queue)).flush_or_throw("output");
    return 0;
  });
}
