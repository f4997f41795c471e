// What a process gives up for good before it meets somebody it does not trust. seccomp(2), landlock(7),
// prctl(2).
#pragma once
#include <span>

namespace qmail {

/// From now on nobody but root can look into this process's memory, and it leaves no core file. Throws
/// Failure.
void hide_memory();

/// From now on the process, and all that it forks, may make the system calls of `allowed` and no others: any
/// other ends it with SIGSYS. It gets no new privileges from what it executes, and where the kernel has
/// landlock it can reach no file by name. A second sandbox leaves what both allow; the first must then allow
/// seccomp. Throws Failure where the system has no seccomp.
void enter_sandbox(std::span<const int> allowed);

}  // namespace qmail
