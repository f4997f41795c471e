// The seam under every change of disk state. Programs link sys_posix.cpp; crash tests link
// tests/support/sys_crash.cpp, which counts these calls, stops or fails at a chosen one, and
// remembers what was synced. No other file calls the functions named here directly.
// Each answers as the system call of its name does: -1 and errno on failure.
#pragma once
#include <array>
#include <cstddef>
#include <fcntl.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>

namespace qmail::sys {

int open_at(int directory, const char* name, int flags, mode_t mode) noexcept;  ///< for writing or creating
ssize_t write(int fd, const void* bytes, std::size_t count) noexcept;
ssize_t pwritev(int fd, const iovec* pieces, int count, off_t at) noexcept;
int fsync(int fd) noexcept;
int fdatasync(int fd) noexcept;
/// Brings the content of a file to the disk, but not what leads to it: enough where keeps_order() holds.
int write_back(int fd) noexcept;
/// True if, on the file system of `fd`, a name that is given to a file reaches the disk no earlier than what
/// write_back() had brought there of its content: ext4 with a journal, and XFS. One sync of the folder then
/// makes names and contents durable together, and the sync of a file whose mode was changed brings every mode
/// that was changed before. False also if that cannot be known.
bool keeps_order(int fd);
int ftruncate(int fd, off_t length) noexcept;
int fchmod(int fd, mode_t mode) noexcept;
int fchown(int fd, uid_t owner, gid_t group) noexcept;
int futimens(int fd, const std::array<timespec, 2>& times) noexcept;
int link_at(int from_directory, const char* from, int to_directory, const char* to) noexcept;
/// Names the O_TMPFILE file open as `fd`, through /proc/self/fd with AT_SYMLINK_FOLLOW
/// (AT_EMPTY_PATH wants a capability on older kernels).
int link_fd(int fd, int to_directory, const char* to) noexcept;
int rename_at(int from_directory, const char* from, int to_directory, const char* to) noexcept;
int unlink_at(int directory, const char* name) noexcept;
int mkdir_at(int directory, const char* name, mode_t mode) noexcept;

}  // namespace qmail::sys
