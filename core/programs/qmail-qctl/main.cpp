// qmail-qctl: work on the queue as a whole. See qmail-qctl(8).
#include "core/base/program.h"
#include "core/programs/qmail-qctl/settle.h"

int main(int argc, char** argv) {
  return qmail::run_program("qmail-qctl", argc, argv, [](qmail::Process& self) {
    if (self.args.size() != 1 || self.args.front() != "settle") throw qmail::UsageError();
    return qmail::settle_queue(self.home(), self.err);
  });
}
