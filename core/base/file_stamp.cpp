#include "core/base/file_stamp.h"

#include <algorithm>
#include <fcntl.h>
#include <sys/stat.h>

namespace qmail {
namespace {

constexpr std::int64_t nanoseconds = 1'000'000'000;

std::int64_t in_nanoseconds(const timespec& time) { return time.tv_sec * nanoseconds + time.tv_nsec; }

FileStamp stamp(const struct stat& status) {
  return {.device = status.st_dev,
          .inode = status.st_ino,
          .size = status.st_size,
          .modified_ns = in_nanoseconds(status.st_mtim),
          .changed_ns = in_nanoseconds(status.st_ctim)};
}

}  // namespace

std::optional<FileStamp> FileStamp::of(const std::string& path) { return of(AT_FDCWD, path); }

std::optional<FileStamp> FileStamp::of(int directory, const std::string& name) {
  struct stat status {};
  if (::fstatat(directory, name.c_str(), &status, 0) < 0) return std::nullopt;
  return stamp(status);
}

std::optional<FileStamp> FileStamp::of(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) < 0) return std::nullopt;
  return stamp(status);
}

bool FileStamp::is_older_than(std::int64_t now) const {
  return std::max(modified_ns, changed_ns) < (now - 1) * nanoseconds;
}

}  // namespace qmail
