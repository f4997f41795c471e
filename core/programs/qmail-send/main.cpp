// qmail-send: deliver the messages of the queue. See qmail-send(8).
#include "core/base/home.h"
#include "core/base/program.h"
#include "core/programs/qmail-send/qmail_send.h"

int main(int argc, char** argv) {
  return qmail::run_program(
      "qmail-send", argc, argv,
      [](qmail::Process& self) {
        return qmail::send::send_mail(
            {.environment = self.environment,
             .clock = self.clock,
             .home = qmail::home_path(),
             .has_twin = self.args == std::vector<std::string>{qmail::log::twin_argument},
             .settles = self.args == std::vector<std::string>{"--settle"}});
      },
      {.report = qmail::send::report_on_start});
}
