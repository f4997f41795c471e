// The system calls that TLS processes may make, all of them: core/base/sandbox.h. None opens, names or
// connects to anything.
#pragma once
#include <array>
#include <sys/syscall.h>

namespace qmail::ucspi {

/// Of a process that carries one connection.
inline constexpr auto session_calls = std::to_array<int>({
    // bytes and descriptors that it has
    SYS_read,
    SYS_write,
    SYS_recvfrom,
    SYS_recvmsg,
    SYS_sendto,
    SYS_sendmsg,
    SYS_close,
    SYS_shutdown,
    SYS_fcntl,
    SYS_setsockopt,
    SYS_ppoll,
#ifdef SYS_poll
    SYS_poll,
#endif
    // memory
    SYS_brk,
    SYS_mmap,
    SYS_munmap,
    SYS_mremap,
    SYS_madvise,
    // time and chance
    SYS_clock_gettime,
    SYS_gettimeofday,
    SYS_getrandom,
    // itself
    SYS_getpid,
    SYS_gettid,
    SYS_futex,
    SYS_rt_sigaction,
    SYS_rt_sigprocmask,
    SYS_rt_sigreturn,
    SYS_restart_syscall,
    SYS_exit,
    SYS_exit_group,
});

/// Of the process that accepts and forks those: what they may, and this.
inline constexpr auto server_calls = std::to_array<int>({
    SYS_accept4,
    SYS_clone,
    SYS_clone3,
    SYS_set_robust_list,
    SYS_wait4,
    SYS_seccomp,
    SYS_prctl,
});

}  // namespace qmail::ucspi
