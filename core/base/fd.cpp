#include "core/base/fd.h"

#include <array>
#include <dirent.h>
#include <memory>
#include <sys/stat.h>

#include "core/base/failure.h"

namespace qmail {
namespace {

constexpr int directory_flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;

}  // namespace

Pipe Pipe::make() {
  if (auto made = try_make()) return std::move(*made);
  throw Failure::system("create pipe");
}

std::optional<Pipe> Pipe::try_make() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) < 0) return std::nullopt;
  return Pipe{Fd(ends[0]), Fd(ends[1])};
}

Directory Directory::open(const std::string& path) {
  if (auto found = try_open(path)) return std::move(*found);
  throw Failure::system("open directory " + path);
}

Directory Directory::holding(const std::string& file) {
  const std::size_t slash = file.rfind('/');
  if (slash == std::string::npos) return open(".");
  return open(slash == 0 ? "/" : file.substr(0, slash));
}

std::optional<Directory> Directory::try_open(const std::string& path) {
  Fd fd(::open(path.c_str(), directory_flags));
  if (!fd) return std::nullopt;
  return Directory(std::move(fd), path);
}

std::optional<Directory> Directory::find(const std::string& path) {
  auto found = try_open(path);
  if (found || errno == ENOENT) return found;
  throw Failure::system("open directory " + path);
}

Directory Directory::sub(const std::string& name) const {
  if (auto found = find_sub(name)) return std::move(*found);
  throw Failure::system("open directory " + path_of(name), ENOENT);
}

std::optional<Directory> Directory::try_sub(const std::string& name) const {
  Fd fd(::openat(get(), name.c_str(), directory_flags));
  if (!fd) return std::nullopt;
  return Directory(std::move(fd), path_of(name));
}

std::optional<Directory> Directory::find_sub(const std::string& name) const {
  auto found = try_sub(name);
  if (found || errno == ENOENT) return found;
  throw Failure::system("open directory " + path_of(name));
}

Fd Directory::try_file(const std::string& name) const {
  // O_NONBLOCK: a FIFO somebody left under this name must not stop us here.
  return Fd(::openat(get(), name.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
}

Fd open_unnoted(int directory, const std::string& name) {
  constexpr int flags = O_RDONLY | O_NONBLOCK | O_CLOEXEC;
  Fd fd(::openat(directory, name.c_str(), flags | O_NOATIME));
  return fd || errno != EPERM ? std::move(fd) : Fd(::openat(directory, name.c_str(), flags));
}

std::optional<Fd> Directory::find_file(const std::string& name) const {
  Fd fd = try_file(name);
  if (fd) return fd;
  if (errno == ENOENT) return std::nullopt;
  throw Failure::system("open " + path_of(name));
}

Fd Directory::open_file(const std::string& name) const {
  if (auto found = find_file(name)) return std::move(*found);
  throw Failure::system("open " + path_of(name), ENOENT);
}

std::vector<std::string> Directory::names() const {
  auto found = try_names();
  if (!found) throw Failure::system("read directory " + label_);
  return std::move(*found);
}

std::optional<std::vector<std::string>> Directory::try_names() const {
  const int again = ::openat(get(), ".", directory_flags);
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(again < 0 ? nullptr : ::fdopendir(again), &::closedir);
  if (!stream) return std::nullopt;
  std::vector<std::string> result;
  errno = 0;
  while (const dirent* entry = ::readdir(stream.get())) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") result.emplace_back(name);
    errno = 0;
  }
  return errno == 0 ? std::optional(std::move(result)) : std::nullopt;
}

std::optional<Fd> find_regular_file(const std::string& path) {
  Fd file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!file && errno == ENOENT) return std::nullopt;
  struct stat status {};
  if (!file || ::fstat(file.get(), &status) < 0) throw Failure::system("read " + path);
  if (S_ISREG(status.st_mode)) return file;
  if (S_ISDIR(status.st_mode)) throw Failure::system("read " + path, EISDIR);
  throw Failure(Exit::temporary, "unable to read " + path + ": not a regular file");
}

std::optional<std::string> try_read_all(int fd, std::size_t limit) {
  std::string bytes;
  std::array<char, 8192> block;
  for (;;) {
    const ssize_t got = ::read(fd, block.data(), block.size());
    if (got == 0) return bytes;
    if (got < 0) {
      if (errno == EINTR) continue;
      return std::nullopt;
    }
    if (bytes.size() + static_cast<std::size_t>(got) > limit) {
      errno = EFBIG;
      return std::nullopt;
    }
    bytes.append(block.data(), static_cast<std::size_t>(got));
  }
}

std::optional<std::string> read_all(int fd, std::size_t limit, const std::string& label) {
  auto bytes = try_read_all(fd, limit);
  if (!bytes && errno != EFBIG) throw Failure::system("read " + label);
  return bytes;
}

}  // namespace qmail
