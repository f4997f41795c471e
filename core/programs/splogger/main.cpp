// splogger: write lines to syslog. See splogger(8).
#include "core/base/program.h"
#include "core/base/text.h"
#include "core/programs/splogger/splogger.h"
#include "core/programs/splogger/syslog_socket.h"

int main(int argc, char** argv) {
  return qmail::run_program("splogger", argc, argv, [](qmail::Process& self) {
    const std::string tag = self.args.empty() ? "splogger" : self.args[0];
    std::string_view number = self.args.size() > 1 ? std::string_view(self.args[1]) : "2";
    const auto facility = qmail::take_number<unsigned>(number).value_or(0);
    qmail::SyslogSocket socket("/dev/log", tag, facility, self.clock);
    qmail::log_lines(self.in, self.clock,
                     [&](int priority, const std::string& text) { socket.send(priority, text); });
    return 0;
  });
}
