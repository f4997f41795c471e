#include <stdio.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/sys.h"

namespace qmail::sys {

int open_at(int directory, const char* name, int flags, mode_t mode) noexcept {
  return ::openat(directory, name, flags | O_CLOEXEC, mode);
}
ssize_t write(int fd, const void* bytes, std::size_t count) noexcept { return ::write(fd, bytes, count); }
ssize_t pwritev(int fd, const iovec* pieces, int count, off_t at) noexcept {
  return ::pwritev(fd, pieces, count, at);
}
int fsync(int fd) noexcept { return ::fsync(fd); }
int fdatasync(int fd) noexcept { return ::fdatasync(fd); }
int ftruncate(int fd, off_t length) noexcept { return ::ftruncate(fd, length); }
int fchmod(int fd, mode_t mode) noexcept { return ::fchmod(fd, mode); }
int fchown(int fd, uid_t owner, gid_t group) noexcept { return ::fchown(fd, owner, group); }
int futimens(int fd, const std::array<timespec, 2>& times) noexcept { return ::futimens(fd, times.data()); }
int link_at(int from_directory, const char* from, int to_directory, const char* to) noexcept {
  return ::linkat(from_directory, from, to_directory, to, 0);
}
int link_fd(int fd, int to_directory, const char* to) noexcept {
  const std::string from = "/proc/self/fd/" + std::to_string(fd);
  return ::linkat(AT_FDCWD, from.c_str(), to_directory, to, AT_SYMLINK_FOLLOW);
}
int rename_at(int from_directory, const char* from, int to_directory, const char* to) noexcept {
  return ::renameat(from_directory, from, to_directory, to);
}
int unlink_at(int directory, const char* name) noexcept { return ::unlinkat(directory, name, 0); }
int mkdir_at(int directory, const char* name, mode_t mode) noexcept {
  return ::mkdirat(directory, name, mode);
}

}  // namespace qmail::sys
