#include "ucspi/lib/tls/acceptor.h"

#include <cerrno>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/io.h"
#include "core/base/poll_set.h"
#include "core/base/sandbox.h"
#include "core/base/signals.h"
#include "core/base/spawn.h"
#include "ucspi/lib/tls/session.h"
#include "ucspi/lib/tls/system_calls.h"

namespace qmail::ucspi {
namespace {

/// When there is no room for another process, it is looked for again after so long.
constexpr int pause_milliseconds = 100;

}  // namespace

void Acceptor::run() {
  signals::ignore(SIGPIPE);
  signals::catch_flag(SIGCHLD);
  signals::block(SIGCHLD);
  bool is_wanted = true;
  while (is_wanted || !sessions_.empty()) {
    PollSet set;
    const std::size_t parent = is_wanted ? set.add(parent_.get()) : not_polled;
    const std::size_t listener =
        is_wanted && sessions_.size() < limit_ ? set.add(listener_.get()) : not_polled;
    set.wait();
    if (signals::take(SIGCHLD)) reap();
    if (set.is_ready(parent)) {
      is_wanted = false;
      listener_.close();
    } else if (set.is_ready(listener)) {
      accept_one();
    }
  }
}

void Acceptor::accept_one() {
  // Somebody else may have been faster.
  const Fd control(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!control && (errno == EMFILE || errno == ENFILE || errno == ENOMEM))
    return static_cast<void>(::poll(nullptr, 0, pause_milliseconds));
  if (!control) return;
  contexts_.renew_ticket_keys(clock_.now());
  const pid_t child = ::fork();
  if (child == 0) serve(control);
  // If there is no room for a process, whoever waits is told by the end of the connection.
  if (child > 0) sessions_.insert(child);
}

void Acceptor::serve(const Fd& control) {
  signals::set_default(SIGCHLD);
  signals::unblock(SIGCHLD);
  listener_.close();
  parent_.close();
  enter_sandbox(session_calls);
  // Servers that just close are so many that nobody would read of them.
  static_cast<void>(serve_session(contexts_, control, clock_));
  // What the library would tidy up is tidied by the end of the process.
  ::_exit(0);
}

void Acceptor::reap() {
  int status = 0;
  for (pid_t gone = 0; (gone = ::waitpid(-1, &status, WNOHANG)) > 0;) {
    sessions_.erase(gone);
    // SIGSYS is what the sandbox does to it.
    if (crashed(status)) warn("a connection ended with signal " + std::to_string(WTERMSIG(status)));
  }
}

void Acceptor::warn(const std::string& what) const {
  // Nobody is left to tell if standard error is gone.
  static_cast<void>(Writer(2).put(program_).put(": warning: ").put(what).put("\n").flush());
}

}  // namespace qmail::ucspi
