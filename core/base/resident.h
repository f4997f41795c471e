// Residents: programs that are started once and serve job after job. docs/internals/residents.md.
//
// "PROGRAM --resident" becomes a zygote: it does nothing but fork workers for its master, the daemon that
// started it. A worker receives jobs, one at a time, on a socket of its own; for each it finds what a freshly
// exec'd program would have found, runs the program's function, and reports the wait status that program
// would have had.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <sys/types.h>
#include <vector>

#include "core/base/environment.h"
#include "core/base/fd.h"
#include "core/base/file_stamp.h"
#include "core/base/program.h"
#include "core/base/spawn.h"

namespace qmail::resident {

/// Of a job or of a report, all in all. What is larger goes another way.
inline constexpr std::size_t most_bytes = std::size_t{128} << 10;

// ---- the master's side ----

/// What a freshly exec'd program would be given. It owns nothing; the descriptors are copied.
struct Job {
  std::span<const std::string> args;  ///< argv, its program's name in front
  const Environment& environment;
  std::span<const int> fds;  ///< become 0, 1, 2 ... of the worker; it has no others
};

/// How a job ended.
struct End {
  int status = 0;         ///< as waitpid(2) would give it
  bool last = false;      ///< the worker leaves; its death is told later
  std::string text = {};  ///< what the program had to say to its master: see Shift::say()
};

/// One process that serves jobs. Destroying it lets the worker finish its job and leave.
class Worker {
 public:
  Worker(std::uint64_t number, pid_t pid, Fd socket)
      : number_(number), pid_(pid), socket_(std::move(socket)) {}
  std::uint64_t number() const { return number_; }  ///< never used twice, as pids are
  pid_t pid() const { return pid_; }
  /// Readable when the job has ended or the worker is gone.
  int fd() const { return socket_.get(); }

  /// Starts a job; the worker must be idle. False with errno set if it has not been and will not be begun:
  /// EPIPE or ECONNRESET when the worker has left meanwhile, EMSGSIZE when the job is larger than most_bytes.
  bool give(const Job& job);
  /// Waits until the job has ended; none: the worker is gone. If it had a job, that crashed, and the zygote
  /// tells the status.
  std::optional<End> take_end();

 private:
  std::uint64_t number_;
  pid_t pid_;
  Fd socket_;
};

/// A worker's process has ended.
struct Death {
  std::uint64_t worker;
  int status;  ///< as waitpid(2) gives it
};

/// A running "PROGRAM --resident", child of this process: whoever reaps children will see its pid. Destroying
/// it lets it go; its workers are not disturbed, but nobody learns of their deaths.
class Zygote {
 public:
  /// Runs `command` (a path, not a name to search for in PATH) with "--resident" as its only argument and no
  /// descriptors but its standard error. None, with errno set, if that is not possible, the program does not
  /// know how, or it is a wrapper that ended in another program: what it does for each job would be lost.
  static std::optional<Zygote> start(Command command);

  pid_t pid() const { return pid_; }
  /// Readable when there are deaths to take, or the zygote is gone.
  int fd() const { return control_.get(); }
  /// A fork. With an identity, the worker takes it before it does anything else. None, with errno set, if
  /// there is no room for it now or the zygote is gone.
  std::optional<Worker> hire(const std::optional<Identity>& identity = std::nullopt);
  /// The deaths told so far, without waiting for more. None: the zygote is gone, and nothing more will come.
  std::optional<std::vector<Death>> take_deaths();
  /// True if the program's file is still the one that was started.
  bool is_current() const;

 private:
  Zygote(std::string path, const FileStamp& stamp, pid_t pid, Fd control)
      : path_(std::move(path)), stamp_(stamp), pid_(pid), control_(std::move(control)) {}
  bool greeted();

  std::string path_;
  FileStamp stamp_;
  pid_t pid_;
  Fd control_;
  std::uint64_t hired_ = 0;
  std::vector<Death> deaths_;
};

// ---- the program's side ----

/// What a job says about its worker.
class Shift {
 public:
  /// This job is the worker's last: it has met something that must not touch another job.
  void leave() { last_ = true; }
  bool is_last() const { return last_; }
  /// After this job the worker waits for the next one no longer than so, if that is less than the rules say.
  void wait_at_most(int seconds) { wait_seconds_ = seconds; }
  std::optional<int> wait_seconds() const { return wait_seconds_; }
  /// Goes to the master with the status.
  void say(std::string text) { text_ = std::move(text); }
  const std::string& text() const { return text_; }

 private:
  bool last_ = false;
  std::optional<int> wait_seconds_;
  std::string text_;
};

/// A program's function in a worker. The object lives as long as its worker, made there with the first job,
/// and may keep what is worth keeping; everything else of a job is taken back when it ends.
class Work {
 public:
  virtual ~Work() = default;
  /// One job, as run_program() would run it: the exit code, or a Failure. After a failure the worker leaves.
  virtual int run(Process& self, Shift& shift) = 0;
  /// The descriptors that stay open after a job. Each must have gone through keep().
  virtual std::vector<int> kept() const { return {}; }
};

using MakeWork = std::function<std::unique_ptr<Work>()>;

struct Rules {
  int idle_seconds = 10;  ///< after so long without a job a worker leaves
  Ending ending = {};     ///< as for run_program()
};

/// Moves a descriptor out of the way of the next job's.
Fd keep(Fd fd);

/// True if the only argument is --resident and standard input is a master's socket. Otherwise the program is
/// what it always was.
bool is_asked_for(int argc, char** argv);

/// The zygote, and each of its workers: returns in all of them when their master has no more use for them.
int serve(const char* name, const MakeWork& make, const Rules& rules = {});

}  // namespace qmail::resident
