// The workers of a program of ours that can stay: docs/internals/residents.md.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <utility>
#include <vector>

#include "core/base/program.h"
#include "core/base/resident.h"
#include "ucspi/tcpserver/file_limit.h"
#include "ucspi/tcpserver/watch.h"

namespace qmail::ucspi {

/// The file that execvp(3) would run for `name`; none if there is none. `path` is the variable PATH.
std::optional<std::string> find_program(const std::string& name, std::string_view path);

/// A session that is over: its worker and what waitpid(2) would have said.
struct Ended {
  pid_t pid;
  int status;
};

/// What residents need of the server. All of it outlives them.
struct Premises {
  const Process& self;
  Watch& watch;
  const FileLimit& files;
  std::string folder;  ///< of this program; empty if that is not known
};

struct Able;

/// Serves sessions by workers of one program, if it lies in the folder of this program and is one that can
/// stay (device and inode count, not the name it is called by). Idle workers come first; new ones are hired
/// as needed; those of a file that was replaced finish their session and go.
///
/// A program that stands before another one can be asked, in place of being given the client:
/// ucspi/lib/onward.h.
class Residents {
 public:
  /// `program` as exec would be given it.
  Residents(const Premises& premises, const std::string& program);

  bool are_possible() const { return ours_ != nullptr; }
  /// True if the program is one to ask what becomes of a client.
  bool are_asked() const;
  /// Starts a session: the worker's pid. None: nobody here can do it, so the program has to be executed.
  std::optional<pid_t> serve(const resident::Job& job);

  /// Asks a worker: the descriptor on which its answer comes, whose number is free again once one of the
  /// following two was called for it. None: nobody here can be asked.
  std::optional<int> ask(const resident::Job& question);
  /// What came there. None: it has no answer.
  std::optional<std::string> take_answer(int fd);
  /// Waits for it no longer.
  void give_up(int fd);

  /// Takes what came on `fd`, unless that is not one of its own. Answers are not taken so.
  void take(int fd);
  /// The sessions that are over, each once.
  std::vector<Ended> take_ended() { return std::exchange(ended_, {}); }
  /// Whoever serves now finishes, and new workers come from the program's file as it is then.
  void renew();
  /// True if a child that was reaped is no session but one of this object's own processes.
  bool was_mine(pid_t child) { return processes_.erase(child) > 0; }

 private:
  enum class Task { none, session, question };
  /// One start of the program, known by the number of its control descriptor.
  struct Generation {
    resident::Zygote zygote;
    std::size_t workers = 0;
    bool is_retired = false;
  };
  struct Seat {
    resident::Worker worker;
    int generation;
    Task task = Task::none;
  };
  /// A worker parts twice: its socket closes, and its death is told. Either may come first.
  struct Parting {
    std::optional<int> status = std::nullopt;     ///< of its death
    std::optional<pid_t> crashed = std::nullopt;  ///< in a session whose end nobody told
  };
  using WorkerId = std::pair<int, std::uint64_t>;

  struct Failure {
    std::int64_t when;
    FileStamp file;
  };

  bool is_staffed();
  bool failed_recently(const FileStamp& file) const;
  void retire();
  bool hire();
  std::optional<int> give(const resident::Job& job, Task task);
  std::optional<resident::End> finish(int fd);
  void take_deaths(int fd);
  void dismiss(int fd);
  void part(const WorkerId& worker, const Parting& news);
  void let_go_if_done(int generation);
  void forget(int generation);

  const Premises& premises_;
  std::string program_;
  const Able* ours_ = nullptr;  ///< null: the program is not one that can stay
  std::map<int, Generation> generations_;
  std::optional<int> current_;
  std::optional<Failure> failed_;  ///< to start it so
  std::map<int, Seat> seats_;      ///< by the worker's descriptor
  std::vector<int> idle_;          ///< the one that served last is last
  std::map<WorkerId, Parting> partings_;
  std::set<pid_t> processes_;
  std::vector<Ended> ended_;
};

}  // namespace qmail::ucspi
