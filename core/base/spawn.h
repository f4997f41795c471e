// Starting other programs, and waiting for them. A child given a descriptor map gets those and no others; no
// signal is blocked in it, and SIGPIPE, which our programs ignore, is back to its default. What somebody
// before us ignores stays ignored: nohup works.
#pragma once
#include <compare>
#include <optional>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

#include "core/base/environment.h"

namespace qmail {

class Deadline;

/// Who a child is to become. Groups are cleared first (root only), then gid, then uid.
struct Identity {
  uid_t uid = 0;
  gid_t gid = 0;
  auto operator<=>(const Identity&) const = default;
};

struct Command {
  std::vector<std::string> argv;  ///< argv[0] names the program; without '/' it is looked up in PATH
  std::string program = "";       ///< what to exec if it is not argv[0]
  std::vector<std::pair<int, int>> fds = {};  ///< {ours, the child's}; empty: it inherits what is inheritable
  std::optional<Environment> environment = std::nullopt;  ///< none: this process's own
  std::optional<std::string> directory = std::nullopt;    ///< working directory; none: unchanged
  std::optional<Identity> identity = std::nullopt;        ///< none: unchanged
};

/// Starts it and returns its pid; none with errno set if it could not be started (descriptors, fork, exec).
std::optional<pid_t> spawn(const Command& command);

/// True for a file that may be executed.
bool is_program(const std::string& path);

/// The path of a program as exec would find it: `name` itself if it has a slash, or else the first executable
/// file of that name in the directories of PATH.
std::optional<std::string> find_program(const std::string& name, const Environment& environment);

/// Becomes the program, without a fork; descriptors that are not in the map stay as they are (only those
/// marked close-on-exec go). Returns only on failure, with errno set.
void exec(const Command& command);

/// Gives up root for good: groups, gid, uid. Not root: succeeds only if it already is that user. -1 and
/// errno.
int become(const Identity& identity);

/// Waits for one child, through interruptions; the status as waitpid(2) gives it. Throws Failure.
int wait_for(pid_t child);
/// The same, but none if it has not ended in time. Throws Failure.
std::optional<int> wait_for(pid_t child, const Deadline& deadline);
/// The same when nobody cares how it ended.
void reap(pid_t child) noexcept;

/// Runs `argv` with this process's descriptors and environment and waits for it: its exit code; 111 if it
/// cannot be started now, 100 if it cannot be started at all. Throws Failure if it crashes.
int run_and_wait(const std::vector<std::string>& argv);

/// True if it ended by a signal. qmail calls that a crash.
bool crashed(int status);
int exit_code(int status);

}  // namespace qmail
