#include "core/base/sandbox.h"

#include <cstddef>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <vector>

#include "core/base/failure.h"
#include "core/base/fd.h"

namespace qmail {
namespace {

#if defined(__x86_64__)
constexpr unsigned own_architecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr unsigned own_architecture = AUDIT_ARCH_AARCH64;
#else
#error "core/base/sandbox.cpp does not know the system calls of this architecture"
#endif

sock_filter load(std::size_t at) { return {BPF_LD | BPF_W | BPF_ABS, 0, 0, static_cast<unsigned>(at)}; }
sock_filter skip_one_if(unsigned value) { return {BPF_JMP | BPF_JEQ | BPF_K, 1, 0, value}; }
sock_filter skip_one_unless(unsigned value) { return {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, value}; }
sock_filter end(unsigned action) { return {BPF_RET | BPF_K, 0, 0, action}; }

std::vector<sock_filter> filter_of(std::span<const int> allowed) {
  // Under another architecture's numbers the same call has another meaning.
  std::vector<sock_filter> filter{load(offsetof(seccomp_data, arch)), skip_one_if(own_architecture),
                                  end(SECCOMP_RET_KILL_PROCESS), load(offsetof(seccomp_data, nr))};
  for (const int call : allowed) {
    filter.push_back(skip_one_unless(static_cast<unsigned>(call)));
    filter.push_back(end(SECCOMP_RET_ALLOW));
  }
  filter.push_back(end(SECCOMP_RET_KILL_PROCESS));
  return filter;
}

/// Every access to files that version 1 of landlock knows; later ones are among what seccomp refuses.
constexpr __u64 all_access = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;

void lose_the_file_tree() {
  const landlock_ruleset_attr rules{.handled_access_fs = all_access};
  const Fd ruleset(static_cast<int>(::syscall(SYS_landlock_create_ruleset, &rules, sizeof rules, 0)));
  // A kernel without it: the system calls that take names are refused anyway.
  if (!ruleset) return;
  if (::syscall(SYS_landlock_restrict_self, ruleset.get(), 0) < 0)
    throw Failure::system("give up the file tree");
}

}  // namespace

void hide_memory() {
  if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0) throw Failure::system("hide memory");
}

void enter_sandbox(std::span<const int> allowed) {
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) throw Failure::system("give up privileges");
  // The first sandbox has done it, and may not allow it again.
  if (::prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == 0) lose_the_file_tree();
  std::vector<sock_filter> filter = filter_of(allowed);
  const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
  if (::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0)
    throw Failure::system("give up system calls");
}

}  // namespace qmail
