// sendmail: submit a message through sendmail's interface. See sendmail(8).
#include "core/base/io.h"
#include "core/base/program.h"
#include "core/base/spawn.h"
#include "core/programs/sendmail/sendmail.h"

int main(int argc, char** argv) {
  return qmail::run_program("sendmail", argc, argv, [](qmail::Process& self) {
    qmail::sendmail::Order order = qmail::sendmail::understand(self.args, self.invoked_as, self.environment);
    qmail::Writer(self.err).put(order.warnings).flush_or_throw("standard error");
    if (!order.command) return 0;
    order.command->directory = self.home().label();
    qmail::exec(*order.command);
    throw qmail::Failure::system("run " + order.command->argv.front());
  });
}
