// qmail-start: start the programs that deliver messages. See qmail-start(8).
#include "core/base/program.h"
#include "core/programs/qmail-start/start.h"

int main(int argc, char** argv) {
  return qmail::run_program("qmail-start", argc, argv, [](qmail::Process& self) -> int {
    const qmail::Directory home = self.home();
    qmail::start_mail(qmail::users::read_ids(home), self.args, qmail::read_twin_logger(home));
  });
}
