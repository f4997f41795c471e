#include "core/base/sandbox.h"

#include <array>
#include <csignal>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/spawn.h"

namespace qmail {
namespace {

constexpr auto basic =
    std::to_array<int>({SYS_read, SYS_write, SYS_exit_group, SYS_exit, SYS_seccomp, SYS_prctl});

/// Without what a sanitizer does before _exit(2): that is not allowed.
void end_with(int code) { ::syscall(SYS_exit_group, code); }

/// How a child that enters the sandbox and then does `work` ends.
template <typename Work>
int status_of(Work work) {
  const pid_t child = ::fork();
  if (child == 0) {
    enter_sandbox(basic);
    work();
    end_with(0);
  }
  return wait_for(child);
}

bool is_killed_by_sandbox(int status) { return WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS; }

TEST(Sandbox, LetsWhatIsAllowed) {
  EXPECT_EQ(status_of([] { static_cast<void>(!::write(-1, "", 0)); }), 0);
}

TEST(Sandbox, EndsWhoDoesAnythingElse) {
  EXPECT_TRUE(
      is_killed_by_sandbox(status_of([] { ::syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY); })));
  EXPECT_TRUE(is_killed_by_sandbox(status_of([] { ::socket(AF_INET, SOCK_STREAM, 0); })));
  EXPECT_TRUE(is_killed_by_sandbox(status_of([] { ::kill(::getppid(), 0); })));
  EXPECT_TRUE(is_killed_by_sandbox(status_of([] {
    const char* const argv[] = {"true", nullptr};
    ::execv("/bin/true", const_cast<char* const*>(argv));
  })));
}

#ifdef __x86_64__
TEST(Sandbox, EndsWhoUsesTheNumbersOfAnotherArchitecture) {
  // 3 is read(2) in the 32-bit table, which is not ours: close(2) has it here.
  EXPECT_TRUE(is_killed_by_sandbox(status_of([] {
    long result = 3;
    asm volatile("int $0x80" : "+a"(result) : "b"(-1), "c"(0), "d"(0) : "memory");
  })));
}
#endif

TEST(Sandbox, WithinOneLeavesWhatBothAllow) {
  constexpr auto less = std::to_array<int>({SYS_exit_group, SYS_openat});
  EXPECT_EQ(status_of([&] { enter_sandbox(less); }), 0);
  EXPECT_TRUE(is_killed_by_sandbox(status_of([&] {
    enter_sandbox(less);
    static_cast<void>(!::write(1, "", 0));
  })));
  EXPECT_TRUE(is_killed_by_sandbox(status_of([&] {
    enter_sandbox(less);
    ::syscall(SYS_openat, AT_FDCWD, "/", O_RDONLY);
  })));
}

TEST(Sandbox, GivesNoNewPrivileges) {
  EXPECT_EQ(status_of([] { end_with(::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? 0 : 1); }), 0);
}

TEST(HideMemory, KeepsOthersFromLooking) {
  const pid_t child = ::fork();
  if (child == 0) {
    hide_memory();
    ::_exit(::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 ? 0 : 1);
  }
  EXPECT_EQ(wait_for(child), 0);
}

}  // namespace
}  // namespace qmail
