#include "installer/transaction/tree.h"

#include <algorithm>
#include <boost/filesystem/path.hpp>
#include <dirent.h>
#include <linux/openat2.h>
#include <memory>
#include <sys/syscall.h>

#include "core/base/failure.h"

namespace qmail::transaction {
namespace {

/// Larger files are not read by an installer: it looks at settings.
constexpr std::size_t longest_read = std::size_t{64} << 20;

bool is_absent(int error) { return error == ENOENT || error == ENOTDIR; }

}  // namespace

std::string file_name(const std::string& path) { return boost::filesystem::path(path).filename().string(); }

Tree::Tree(const std::string& root) : root_(Directory::open(root)) {}

std::string Tree::outside_name(const std::string& path) const {
  return is_whole_machine() ? path : root() + path;
}

std::optional<Fd> Tree::find_open(const std::string& path, int flags) const {
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags | O_CLOEXEC);
  how.resolve = RESOLVE_IN_ROOT;
  // Without openat2 (Linux 5.6) the whole machine can still be opened: nothing lies outside of it.
  const long opened = is_whole_machine()
                          ? ::open(path.c_str(), flags | O_CLOEXEC)
                          : ::syscall(SYS_openat2, root_.get(), path.c_str(), &how, sizeof how);
  Fd file(static_cast<int>(opened));
  if (file) return file;
  if (is_absent(errno)) return std::nullopt;
  throw Failure::system("open " + outside_name(path));
}

std::optional<Fd> Tree::find_parent(const std::string& path) const {
  return find_open(boost::filesystem::path(path).parent_path().string(), O_RDONLY | O_DIRECTORY);
}

Fd Tree::parent(const std::string& path) const {
  auto found = find_parent(path);
  if (!found) throw Failure::system("open the directory of " + outside_name(path), ENOENT);
  return *std::move(found);
}

Directory Tree::open_directory(const std::string& path) const {
  auto found = find_open(path, O_RDONLY | O_DIRECTORY);
  if (!found) throw Failure::system("open directory " + outside_name(path), ENOENT);
  return Directory::adopt(*std::move(found), outside_name(path));
}

std::optional<struct stat> Tree::find(const std::string& path) const {
  if (path == "/") {
    struct stat status {};
    if (::fstat(root_.get(), &status) < 0) throw Failure::system("look at " + root());
    return status;
  }
  const auto directory = find_parent(path);
  if (!directory) return std::nullopt;
  struct stat status {};
  if (::fstatat(directory->get(), file_name(path).c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) return status;
  if (is_absent(errno)) return std::nullopt;
  throw Failure::system("look at " + outside_name(path));
}

std::optional<std::string> Tree::read(const std::string& path) const {
  const auto file = find_open(path, O_RDONLY | O_NONBLOCK);
  if (!file) return std::nullopt;
  auto bytes = read_all(file->get(), longest_read, outside_name(path));
  if (!bytes) throw Failure::system("read " + outside_name(path), EFBIG);
  return bytes;
}

std::string Tree::link_target(const std::string& path) const {
  std::string target(4096, '\0');
  const Fd directory = parent(path);
  const ssize_t length = ::readlinkat(directory.get(), file_name(path).c_str(), target.data(), target.size());
  if (length < 0) throw Failure::system("read link " + outside_name(path));
  target.resize(static_cast<std::size_t>(length));
  return target;
}

std::vector<std::string> Tree::names(const std::string& path) const {
  auto directory = find_open(path, O_RDONLY | O_DIRECTORY);
  if (!directory) return {};
  const std::unique_ptr<DIR, int (*)(DIR*)> entries(::fdopendir(directory->get()), &::closedir);
  if (!entries) throw Failure::system("list " + outside_name(path));
  directory->release();
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* entry = ::readdir(entries.get())) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  if (errno != 0) throw Failure::system("list " + outside_name(path));
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace qmail::transaction
