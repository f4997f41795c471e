#include "core/base/spawn.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/deadline.h"
#include "core/base/failure.h"
#include "core/base/fd.h"
#include "core/base/text.h"

namespace qmail {
namespace {

/// Descriptors from here on are never a child's target, so copies made here cannot be overwritten.
constexpr int above_targets = 64;

/// What exec needs, made before the fork: between fork and exec nothing may allocate.
class Prepared {
 public:
  explicit Prepared(const Command& command) {
    for (const std::string& argument : command.argv) argv_.push_back(const_cast<char*>(argument.c_str()));
    argv_.push_back(nullptr);
    if (command.environment) {
      for (const std::string& entry : command.environment->entries())
        environment_.push_back(const_cast<char*>(entry.c_str()));
      environment_.push_back(nullptr);
    }
    directory_ = command.directory ? command.directory->c_str() : nullptr;
    program_ = command.program.empty() ? command.argv.front().c_str() : command.program.c_str();
    for (const auto& [ours, theirs] : command.fds) {
      copies_.emplace_back(Fd(::fcntl(ours, F_DUPFD_CLOEXEC, above_targets)), theirs);
      if (!copies_.back().first) error_ = errno;
    }
  }

  /// False with errno set if there were no descriptors left.
  bool is_complete() const {
    if (error_ != 0) errno = error_;
    return error_ == 0;
  }
  const char* program() const { return program_; }
  char* const* argv() const { return argv_.data(); }
  char* const* environment() const { return environment_.empty() ? ::environ : environment_.data(); }
  const std::vector<std::pair<Fd, int>>& copies() const { return copies_; }

  /// In the child (or in a process about to exec): returns only on failure.
  void run(const std::optional<Identity>& identity) const {
    for (const auto& [copy, target] : copies_)
      if (::dup2(copy.get(), target) < 0) return;
    if (identity && become(*identity) < 0) return;
    // As whoever it is now, who may see what root does not, and must not be led where only root may go.
    if (directory_ != nullptr && ::chdir(directory_) < 0) return;
    reset_signals();
    ::execvpe(program_, argv_.data(), environment());
  }

 private:
  static void reset_signals() {
    ::signal(SIGPIPE, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
  }

  std::vector<char*> argv_;
  std::vector<char*> environment_;
  const char* program_ = nullptr;
  const char* directory_ = nullptr;
  std::vector<std::pair<Fd, int>> copies_;
  int error_ = 0;
};

int first_free(const Command& command) {
  int last = -1;
  for (const auto& [ours, theirs] : command.fds) last = std::max(last, theirs);
  return last + 1;
}

/// Without a change of identity: no copy of our memory is made.
std::optional<pid_t> spawn_directly(const Command& command, const Prepared& prepared) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawnattr_init(&attributes);
  for (const auto& [copy, target] : prepared.copies())
    ::posix_spawn_file_actions_adddup2(&actions, copy.get(), target);
  if (command.directory) ::posix_spawn_file_actions_addchdir_np(&actions, command.directory->c_str());
  if (!command.fds.empty()) ::posix_spawn_file_actions_addclosefrom_np(&actions, first_free(command));
  sigset_t pipe_only, none;
  sigemptyset(&pipe_only);
  sigaddset(&pipe_only, SIGPIPE);
  sigemptyset(&none);
  ::posix_spawnattr_setsigdefault(&attributes, &pipe_only);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  pid_t child = -1;
  const int error = ::posix_spawnp(&child, prepared.program(), &actions, &attributes, prepared.argv(),
                                   prepared.environment());
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error == 0) return child;
  errno = error;
  return std::nullopt;
}

/// As somebody else: through a fork, with a pipe that tells whether the exec happened.
std::optional<pid_t> spawn_as(const Command& command, const Prepared& prepared) {
  auto made = Pipe::try_make();
  if (!made) return std::nullopt;
  Pipe& outcome = *made;
  const pid_t child = ::fork();
  if (child < 0) return std::nullopt;
  if (child == 0) {
    const int told = ::fcntl(outcome.write.get(), F_DUPFD_CLOEXEC, above_targets);
    if (!command.fds.empty()) {
      for (const auto& [copy, target] : prepared.copies()) ::dup2(copy.get(), target);
      // Only what is marked close-on-exec may outlive this point: the copies and the outcome pipe.
      ::close_range(static_cast<unsigned>(first_free(command)), ~0U, CLOSE_RANGE_CLOEXEC);
    }
    prepared.run(command.identity);
    const int error = errno;
    if (::write(told, &error, sizeof error) < 0) ::_exit(112);
    ::_exit(111);
  }
  outcome.write.close();
  int error = 0;
  ssize_t got = -1;
  do got = ::read(outcome.read.get(), &error, sizeof error);
  while (got < 0 && errno == EINTR);
  if (got == 0) return child;
  reap(child);
  errno = error;
  return std::nullopt;
}

}  // namespace

std::optional<pid_t> spawn(const Command& command) {
  const Prepared prepared(command);
  if (!prepared.is_complete()) return std::nullopt;
  return command.identity ? spawn_as(command, prepared) : spawn_directly(command, prepared);
}

bool is_program(const std::string& path) {
  struct stat found {};
  return ::stat(path.c_str(), &found) == 0 && S_ISREG(found.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

std::optional<std::string> find_program(const std::string& name, const Environment& environment) {
  if (name.find('/') != std::string::npos) return name;
  for (const std::string_view directory : split(environment.get("PATH", "/bin:/usr/bin"), ':')) {
    const std::string path = std::string(directory.empty() ? "." : directory) + "/" + name;
    if (is_program(path)) return path;
  }
  return std::nullopt;
}

void exec(const Command& command) {
  const Prepared prepared(command);
  if (prepared.is_complete()) prepared.run(command.identity);
}

int become(const Identity& identity) {
  if (::geteuid() == 0) {
    if (::setgroups(1, &identity.gid) < 0) return -1;
    if (::setgid(identity.gid) < 0) return -1;
    return ::setuid(identity.uid);
  }
  if (::geteuid() == identity.uid) return 0;
  errno = EPERM;
  return -1;
}

int wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR) throw Failure::system("wait for child");
  return status;
}

std::optional<int> wait_for(pid_t child, const Deadline& deadline) {
  const Fd end(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
  if (!end) throw Failure::system("wait for child");
  return wait_until(end.get(), POLLIN, deadline) ? std::optional(wait_for(child)) : std::nullopt;
}

void reap(pid_t child) noexcept {
  while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) continue;
}

int run_and_wait(const std::vector<std::string>& argv) {
  const auto child = spawn({.argv = argv});
  if (!child) return static_cast<int>(is_temporary(errno) ? Exit::temporary : Exit::permanent);
  const int status = wait_for(*child);
  if (crashed(status)) throw Failure(Exit::temporary, "child crashed");
  return exit_code(status);
}

bool crashed(int status) { return WIFSIGNALED(status); }
int exit_code(int status) { return WEXITSTATUS(status); }

}  // namespace qmail
