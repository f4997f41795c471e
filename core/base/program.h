// How every program starts and ends. run_caught is the only place that catches, the only one that prints
// "prog: fatal: …", the only one that turns a failure into an exit status; run_program calls it once, a
// resident (resident.h) for each job.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

#include "core/base/clock.h"
#include "core/base/environment.h"
#include "core/base/failure.h"
#include "core/base/fd.h"

namespace qmail {

/// The world as a program finds it, handed to its one function.
struct Process {
  std::string name;
  std::vector<std::string> args;  ///< argv without argv[0]
  std::string invoked_as;         ///< argv[0]
  Environment environment;
  const Clock& clock;
  uid_t real_uid;
  int in = 0;
  int out = 1;
  int err = 2;

  /// /var/qmail, or what a test says it is: see home.h. Throws Failure.
  Directory home() const;
  Directory open_directory(const std::string& below_home) const { return home().sub(below_home); }
};

/// What the manual page says about the program, taken from there at build time (QmailProgram.cmake).
struct ProgramText {
  const char* name;
  const char* purpose;   ///< the NAME line, without the name
  const char* synopsis;  ///< one form a line
  const char* page;      ///< "qmail-queue(8)"
};
extern const ProgramText program_text;

/// The arguments make no sense: run_caught prints "prog: usage: SYNOPSIS" and exits with `code`;
/// before it "prog: PROBLEM" if there is one to tell.
class UsageError : public Failure {
 public:
  explicit UsageError(Exit code = Exit::permanent, const std::string& problem = "")
      : Failure(code, problem) {}
};

/// How a program's end is told, where that is not the rule (111 and a line on stderr).
struct Ending {
  int out_of_memory = 111;
  std::optional<int> failure = std::nullopt;  ///< of every other Failure; none: its own code
  /// Says why, in place of "prog: fatal: …"; none: that.
  std::function<void(const std::string& why)> report = nullptr;
};

/// Runs `work`: its exit code, or the code of what it throws, with the text where `ending` says.
int run_caught(const char* name, const std::function<int()>& work, const Ending& ending);

/// A file of ours must not get a number that means standard input, output or error. What stands there
/// instead fails as a closed descriptor would: nothing can be read from the first, written to the others.
void hold_standard_descriptors();

/// `--help` as the only argument prints what program_text says and ends with 0.
/// Otherwise runs `work` and returns what it returns; a Failure's code, with its text on stderr, if it throws
/// one.
int run_program(const char* name, int argc, char** argv, const std::function<int(Process&)>& work,
                const Ending& ending = {});

}  // namespace qmail
