#include "core/programs/qmail-queue/endings.h"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/signals.h"

namespace qmail::queue {
namespace {

constexpr mode_t queue_umask = 033;

void end_timed_out(int /*number*/) { ::_exit(static_cast<int>(Code::timed_out)); }
void end_by_bug(int /*number*/) { ::_exit(static_cast<int>(Code::bug)); }

}  // namespace

void arm_endings() {
  ::umask(queue_umask);
  for (const int number : {SIGPIPE, SIGVTALRM, SIGPROF, SIGQUIT, SIGINT, SIGHUP, SIGXCPU, SIGXFSZ})
    signals::ignore(number);
  for (const int number : {SIGILL, SIGABRT, SIGFPE, SIGBUS, SIGSEGV, SIGSYS}) ::signal(number, end_by_bug);
  ::signal(SIGALRM, end_timed_out);
  signals::unblock_all();
  ::alarm(longest_life_seconds);
}

void arm_resident() {
  ::umask(queue_umask);
  for (const int number : {SIGPIPE, SIGQUIT, SIGINT, SIGHUP, SIGTERM, SIGALRM, SIGXFSZ})
    signals::ignore(number);
  signals::unblock_all();
}

}  // namespace qmail::queue
