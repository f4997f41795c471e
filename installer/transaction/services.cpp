#include "installer/transaction/services.h"

#include "core/base/failure.h"
#include "core/base/fd.h"
#include "core/base/spawn.h"
#include "core/base/text.h"

namespace qmail::transaction {

std::string service_state(const RunService& step) {
  if (step.verb == "reload") return "";
  const bool running = step.verb == "start" || step.verb == "stop";
  Pipe answer = Pipe::make();
  const Fd nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
  const auto child = spawn({.argv = {"systemctl", running ? "is-active" : "is-enabled", step.unit},
                            .fds = {{nothing.get(), 0}, {answer.write.get(), 1}, {nothing.get(), 2}}});
  if (!child) throw Failure::system("run systemctl");
  answer.write.close();
  constexpr std::size_t longest_answer = 4096;
  const auto text = read_all(answer.read.get(), longest_answer, "systemctl");
  // Its exit code says the same as its text.
  static_cast<void>(wait_for(*child));
  return std::string(trim_end(text.value_or("")));
}

void run_service(const std::string& verb, const std::string& unit) {
  std::vector<std::string> argv{"systemctl", verb == "reload" ? "daemon-reload" : verb};
  if (!unit.empty()) argv.push_back(unit);
  const auto child = spawn({.argv = argv});
  if (!child) throw Failure::system("run systemctl");
  const int status = wait_for(*child);
  if (crashed(status) || exit_code(status) != 0)
    throw Failure(Exit::temporary,
                  "unable to " + verb + " " + unit + ": systemctl failed; see journalctl -u " + unit);
}

}  // namespace qmail::transaction
