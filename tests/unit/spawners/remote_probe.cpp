// In place of qmail-remote: its reports say how many messages this process has taken, and for whom. The host
// tells it what else to do.
#include <cstdlib>
#include <unistd.h>

#include "core/base/io.h"
#include "core/base/resident.h"

const qmail::ProgramText qmail::program_text{"remote-probe", "reports", "remote-probe host sender recip...",
                                             "nothing"};

namespace {

class Probe final : public qmail::resident::Work {
 public:
  int run(qmail::Process& self, qmail::resident::Shift& shift) override {
    std::string reports;
    for (std::size_t i = 2; i < self.args.size(); ++i) reports += self.args[i] + '\0';
    const std::string message = qmail::Reader(self.in).peek().empty() ? "empty" : "whole";
    reports += "K" + std::to_string(++jobs_) + " of " + std::to_string(::getpid()) + " " + message + '\0';
    if (self.args.front() == "crash") std::abort();
    if (self.args.front() == "last") shift.leave();
    shift.say(reports);
    return self.args.front() == "fail" ? 111 : 0;
  }

 private:
  int jobs_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (qmail::resident::is_asked_for(argc, argv))
    return qmail::resident::serve("remote-probe", [] { return std::make_unique<Probe>(); },
                                  {.idle_seconds = 1});
  return 111;
}
