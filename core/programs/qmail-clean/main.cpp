// qmail-clean: remove files from the queue for qmail-send. See qmail-clean(8).
#include <signal.h>

#include "core/base/program.h"
#include "core/base/signals.h"
#include "core/programs/qmail-clean/qmail_clean.h"

int main(int argc, char** argv) {
  return qmail::run_program("qmail-clean", argc, argv, [](qmail::Process& self) {
    qmail::signals::ignore(SIGPIPE);
    const auto queue = qmail::queue::Layout::open(self.home());
    qmail::queue::clean_queue(self.in, self.out, queue, self.clock);
    return 0;
  });
}
