// The seam for crash tests: every call goes past the disk that is watched.
#include "tests/support/sys_crash.h"

#include <sys/stat.h>

#include "core/base/sys.h"

namespace qmail::sys {
namespace {

using test::Disk;

/// Makes the call unless the disk says that it fails.
template <typename Call>
int guarded(const char* name, int fd, const char* path, const Call& call) {
  Disk* disk = Disk::watched();
  return disk == nullptr || disk->begin(name, fd, path) ? call() : -1;
}

/// After a call that made or removed a name, if it did.
int noting(int result, int directory, const char* name) {
  if (Disk* disk = Disk::watched(); disk != nullptr && result == 0) disk->changed(directory, name);
  return result;
}

int sync_to_memory(const char* name, int fd) {
  return guarded(name, fd, "", [&] {
    if (Disk* disk = Disk::watched()) disk->synced(fd);
    return 0;
  });
}

}  // namespace

int open_at(int directory, const char* name, int flags, mode_t mode) noexcept {
  return guarded("open", directory, name, [&] {
    Disk* disk = Disk::watched();
    if (disk != nullptr && disk->refuses_unnamed() && (flags & O_TMPFILE) == O_TMPFILE) {
      errno = EOPNOTSUPP;
      return -1;
    }
    const int fd = ::openat(directory, name, flags | O_CLOEXEC, mode);
    if (disk == nullptr || fd < 0) return fd;
    disk->opened(fd);
    if ((flags & O_CREAT) != 0) disk->changed(directory, name);
    return fd;
  });
}

ssize_t write(int fd, const void* bytes, std::size_t count) noexcept {
  Disk* disk = Disk::watched();
  if (disk == nullptr) return ::write(fd, bytes, count);
  if (!disk->begin("write", fd)) return -1;
  if (!disk->half_of_write()) return ::write(fd, bytes, count);
  const ssize_t written = ::write(fd, bytes, (count + 1) / 2);
  disk->wrote_half();
  return written;
}

ssize_t pwritev(int fd, const iovec* pieces, int count, off_t at) noexcept {
  Disk* disk = Disk::watched();
  if (disk == nullptr) return ::pwritev(fd, pieces, count, at);
  if (!disk->begin("pwritev", fd)) return -1;
  if (!disk->half_of_write()) return ::pwritev(fd, pieces, count, at);
  std::string bytes;
  for (int i = 0; i < count; ++i)
    bytes.append(static_cast<const char*>(pieces[i].iov_base), pieces[i].iov_len);
  const ssize_t written = ::pwrite(fd, bytes.data(), (bytes.size() + 1) / 2, at);
  disk->wrote_half();
  return written;
}

int fsync(int fd) noexcept { return sync_to_memory("fsync", fd); }
int fdatasync(int fd) noexcept { return sync_to_memory("fdatasync", fd); }
int write_back(int fd) noexcept { return sync_to_memory("write_back", fd); }
bool keeps_order(int /*fd*/) {
  const Disk* disk = Disk::watched();
  return disk != nullptr && disk->keeps_order();
}
int ftruncate(int fd, off_t length) noexcept {
  return guarded("ftruncate", fd, "", [&] { return ::ftruncate(fd, length); });
}
int fchmod(int fd, mode_t mode) noexcept {
  return guarded("fchmod", fd, "", [&] { return ::fchmod(fd, mode); });
}
int fchown(int fd, uid_t owner, gid_t group) noexcept {
  return guarded("fchown", fd, "", [&] { return ::fchown(fd, owner, group); });
}
int futimens(int fd, const std::array<timespec, 2>& times) noexcept {
  return guarded("futimens", fd, "", [&] { return ::futimens(fd, times.data()); });
}
int link_at(int from_directory, const char* from, int to_directory, const char* to) noexcept {
  return guarded("link", to_directory, to, [&] {
    return noting(::linkat(from_directory, from, to_directory, to, 0), to_directory, to);
  });
}
int link_fd(int fd, int to_directory, const char* to) noexcept {
  const std::string from = "/proc/self/fd/" + std::to_string(fd);
  return guarded("link", to_directory, to, [&] {
    return noting(::linkat(AT_FDCWD, from.c_str(), to_directory, to, AT_SYMLINK_FOLLOW), to_directory, to);
  });
}
int rename_at(int from_directory, const char* from, int to_directory, const char* to) noexcept {
  return guarded("rename", to_directory, to, [&] {
    const int renamed = ::renameat(from_directory, from, to_directory, to);
    return noting(noting(renamed, to_directory, to), from_directory, from);
  });
}
int unlink_at(int directory, const char* name) noexcept {
  return guarded("unlink", directory, name,
                 [&] { return noting(::unlinkat(directory, name, 0), directory, name); });
}
int mkdir_at(int directory, const char* name, mode_t mode) noexcept {
  return guarded("mkdir", directory, name, [&] {
    const int made = noting(::mkdirat(directory, name, mode), directory, name);
    Disk* disk = Disk::watched();
    if (made < 0 || disk == nullptr) return made;
    const Fd fd(::openat(directory, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    disk->made_directory(fd.get());
    return made;
  });
}

}  // namespace qmail::sys
