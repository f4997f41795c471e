#include "core/mailbox/locked_mbox.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <sys/file.h>
#include <sys/stat.h>

#include "core/base/sys.h"

namespace qmail::mailbox {
namespace {

bool is_at(const std::string& path, const Fd& file) {
  struct stat named {
  }, open{};
  return ::stat(path.c_str(), &named) == 0 && ::fstat(file.get(), &open) == 0 &&
         named.st_dev == open.st_dev && named.st_ino == open.st_ino;
}

}  // namespace

LockedMbox open_locked(const std::string& path) {
  for (;;) {
    // O_NONBLOCK: a FIFO nobody reads must not stop us here.
    Fd file(sys::open_at(AT_FDCWD, path.c_str(), O_WRONLY | O_NONBLOCK | O_APPEND | O_CREAT, 0600));
    if (!file) return {.file = Fd(), .error = errno};
    if (::flock(file.get(), LOCK_EX) < 0) return {.file = std::move(file), .error = errno};
    if (is_at(path, file)) return {.file = std::move(file), .is_locked = true};
  }
}

int sync_name(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr), &std::free);
  if (!real) return errno;
  const std::string name = real.get();
  const std::string folder = name.substr(0, std::max<std::size_t>(name.rfind('/'), 1));
  const Fd directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // A spool that users may write but not list cannot be synced by them either.
  if (!directory) return errno == EACCES ? 0 : errno;
  return sys::fsync(directory.get()) < 0 ? errno : 0;
}

}  // namespace qmail::mailbox
