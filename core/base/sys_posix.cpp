#include <array>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "core/base/fd.h"
#include "core/base/sys.h"

namespace qmail::sys {
namespace {

/// The name that the kernel calls a block device by; empty if it does not tell.
std::string device_name(dev_t device) {
  const std::string path =
      "/sys/dev/block/" + std::to_string(major(device)) + ":" + std::to_string(minor(device));
  std::array<char, PATH_MAX> target;
  const ssize_t size = ::readlink(path.c_str(), target.data(), target.size());
  const std::string_view whole(target.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  return std::string(whole.substr(whole.rfind('/') + 1));
}

/// ext2 and ext3 look the same from outside, and ext4 can be made without a journal. The kernel tells which
/// process writes the journal of an ext4: "<none>", or its number.
bool has_journal(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) < 0) return false;
  const std::string path = "/sys/fs/ext4/" + device_name(status.st_dev) + "/journal_task";
  const Fd told(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  char first = '<';
  return told && ::read(told.get(), &first, 1) == 1 && first != '<';
}

}  // namespace

int open_at(int directory, const char* name, int flags, mode_t mode) noexcept {
  return ::openat(directory, name, flags | O_CLOEXEC, mode);
}
ssize_t write(int fd, const void* bytes, std::size_t count) noexcept { return ::write(fd, bytes, count); }
ssize_t pwritev(int fd, const iovec* pieces, int count, off_t at) noexcept {
  return ::pwritev(fd, pieces, count, at);
}
int fsync(int fd) noexcept { return ::fsync(fd); }
int fdatasync(int fd) noexcept { return ::fdatasync(fd); }
int write_back(int fd) noexcept {
  constexpr unsigned all = SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER;
  return ::sync_file_range(fd, 0, 0, all);
}
bool keeps_order(int fd) {
  struct statfs system {};
  if (::fstatfs(fd, &system) < 0) return false;
  return system.f_type == XFS_SUPER_MAGIC || (system.f_type == EXT4_SUPER_MAGIC && has_journal(fd));
}
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
