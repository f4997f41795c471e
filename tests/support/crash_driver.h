// Crash tests: one piece of work, stopped or made to fail at its call 1, 2, 3 … to the end, and what must
// hold of everything that could then be on the disk. A test states its work as a Scenario and expects no
// problems:
//
//   const Scenario scenario{
//       .prepare = [](const path& home) { TempHome::make_queue(home / "queue"); },
//       .run = [](const path& home, Witness& witness) {
//         do_the_work(home);
//         witness.tell("accepted");   // what the outside world was promised, before a crash that comes later
//         return 0;
//       },
//       .problems = [](const path& home, const Ended& ended) { … return Problems{}; }};
//   EXPECT_EQ(stop_at_every_call(scenario), Problems{});
//   EXPECT_NE(stop_at_every_call(scenario, {.directory_syncs_work = false}), Problems{});  // the control
//
// `run` is called in a child process, so it may leave anything behind in memory; processes it forks itself
// are not watched. It changes the disk only through qmail::sys. `problems` is called once for each state that
// the disk could be in (see sys_crash.h), with a copy of the home in that state that it may change, restart
// programs on, and so on.
#pragma once
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/sys_crash.h"

namespace qmail::test {

using Problems = std::vector<std::string>;

/// What the work told the outside world while it could.
class Witness {
 public:
  explicit Witness(int fd) : fd_(fd) {}
  void tell(const std::string& line);

 private:
  int fd_;
};

/// How a run of the work ended.
struct Ended {
  std::optional<int> exit_code;  ///< none: it was stopped
  std::vector<std::string> told;
  std::size_t calls = 0;
  std::string where;  ///< the last call, and what survived: put before each problem
  bool has_told(const std::string& line) const;
};

struct Scenario {
  std::function<void(const std::filesystem::path& home)> prepare;
  /// Returns the exit code of the program; a Failure is turned into its code.
  std::function<int(const std::filesystem::path& home, Witness& witness)> run;
  std::function<Problems(const std::filesystem::path& home, const Ended& ended)> problems;
};

/// The power fails at each call in turn, and after the last one. All problems found, each with its place.
Problems stop_at_every_call(const Scenario& scenario, const Conditions& conditions = {});

/// Each call in turn goes wrong as `trouble` says (its `at` is not used); then the power fails once the work
/// has ended.
Problems trouble_at_every_call(const Scenario& scenario, Trouble trouble, const Conditions& conditions = {});

}  // namespace qmail::test
