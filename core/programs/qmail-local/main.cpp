// qmail-local: deliver or forward one message for one recipient. See qmail-local(8).
#include "core/base/home.h"
#include "core/base/program.h"
#include "core/programs/qmail-local/qmail_local.h"

int main(int argc, char** argv) {
  const auto deliver = [](qmail::Process& self) {
    qmail::local::Arguments arguments = qmail::local::parse_arguments(self.args);
    return qmail::local::deliver({
        .recipient = std::move(arguments.recipient),
        .is_rehearsal = arguments.is_rehearsal,
        .message = self.in,
        .out = self.out,
        .err = self.err,
        .environment = self.environment,
        .clock = self.clock,
        .qmail_home = qmail::home_path(),
    });
  };
  return qmail::run_program("qmail-local", argc, argv, deliver, qmail::local::plain_ending());
}
