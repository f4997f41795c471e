#include "core/programs/qmail-queue/endings.h"

#include <csignal>
#include <functional>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/spawn.h"

namespace qmail::queue {
namespace {

/// The exit code of a child that armed its endings and then did `last`; 0 if it outlived that.
int exit_after(const std::function<void()>& last) {
  const pid_t child = ::fork();
  if (child == 0) {
    arm_endings();
    last();
    ::_exit(0);
  }
  return exit_code(wait_for(child));
}

TEST(QueueEndings, TellByExitCodeOfATimeoutAndOfACrash) {
  EXPECT_EQ(exit_after([] { std::raise(SIGALRM); }), 52);
  for (const int number : {SIGILL, SIGABRT, SIGFPE, SIGBUS, SIGSEGV, SIGSYS})
    EXPECT_EQ(exit_after([=] { std::raise(number); }), 81) << number;
}

TEST(QueueEndings, OutliveWhatATerminalSends) {
  for (const int number : {SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGXCPU, SIGXFSZ, SIGVTALRM, SIGPROF})
    EXPECT_EQ(exit_after([=] { std::raise(number); }), 0) << number;
}

TEST(QueueEndings, ComeAfterADayAtMost) {
  EXPECT_EQ(exit_after([] { ::_exit(::alarm(0) == 86400 ? 3 : 4); }), 3);
}

TEST(QueueEndings, DoNotInheritBlockedSignals) {
  sigset_t all, before;
  sigfillset(&all);
  ::sigprocmask(SIG_SETMASK, &all, &before);
  EXPECT_EQ(exit_after([] { std::raise(SIGALRM); }), 52);
  ::sigprocmask(SIG_SETMASK, &before, nullptr);
}

TEST(QueueEndings, SetTheUmaskOfQueueFiles) {
  EXPECT_EQ(exit_after([] { ::_exit(::umask(0) == 033 ? 3 : 4); }), 3);
}

}  // namespace
}  // namespace qmail::queue
