#include "core/base/publish.h"

#include <optional>
#include <sys/stat.h>

#include "core/base/failure.h"
#include "core/base/sys.h"

namespace qmail {
namespace {

/// What `name` is now; none if it is not there.
std::optional<struct stat> status_of(const Directory& directory, const std::string& name) {
  struct stat status {};
  if (::fstatat(directory.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) return status;
  if (errno == ENOENT) return std::nullopt;
  throw Failure::system("read " + directory.path_of(name));
}

/// Replaces `name` by way of `temporary`. `old`: whose owner the new one is to have; none: this process's.
void replace(const Directory& directory, const std::string& name, std::string_view bytes, mode_t mode,
             const std::string& temporary, const std::optional<struct stat>& old) {
  const std::string label = directory.path_of(temporary);
  const Fd out(
      sys::open_at(directory.get(), temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600));
  if (!out) throw Failure::system("create " + label);
  write_all(out.get(), bytes, label);
  if (old && sys::fchown(out.get(), old->st_uid, old->st_gid) < 0)
    throw Failure::system("set owner of " + label);
  if (sys::fchmod(out.get(), mode) < 0) throw Failure::system("set mode of " + label);
  if (sys::fsync(out.get()) < 0) throw Failure::system("sync " + label);
  if (sys::rename_at(directory.get(), temporary.c_str(), directory.get(), name.c_str()) < 0)
    throw Failure::system("rename " + label + " to " + name);
  if (sys::fsync(directory.get()) < 0) throw Failure::system("sync directory " + directory.label());
}

}  // namespace

bool try_write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = sys::write(fd, bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

void write_all(int fd, std::string_view bytes, const std::string& label) {
  if (!try_write_all(fd, bytes)) throw Failure::system("write " + label);
}

void publish(const Directory& directory, const std::string& name, std::string_view bytes, mode_t mode,
             const std::string& tmp) {
  replace(directory, name, bytes, mode, tmp.empty() ? name + ".tmp" : tmp, std::nullopt);
}

void republish(const Directory& directory, const std::string& name, std::string_view bytes) {
  const auto old = status_of(directory, name);
  if (old && !S_ISREG(old->st_mode))
    throw Failure(Exit::permanent, "unable to replace " + directory.path_of(name) + ": not a regular file");
  replace(directory, name, bytes, old ? old->st_mode & 07777 : 0600, name + ".tmp", old);
}

Replacement::Replacement(std::string path, std::string tmp, std::optional<mode_t> mode)
    : path_(std::move(path)), tmp_(std::move(tmp)) {
  constexpr int flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC;
  out_ = Fd(sys::open_at(AT_FDCWD, tmp_.c_str(), flags, 0644));
  if (!out_) throw Failure::system("create " + tmp_);
  if (mode && sys::fchmod(out_.get(), *mode) < 0) throw Failure::system("set mode of " + tmp_);
}

void Replacement::finish(std::string_view bytes) {
  if (!try_write_all(out_.get(), bytes) || sys::fsync(out_.get()) < 0)
    throw Failure::system("write to " + tmp_);
  out_.close();
  const Directory folder = Directory::holding(path_);
  if (sys::rename_at(AT_FDCWD, tmp_.c_str(), AT_FDCWD, path_.c_str()) < 0)
    throw Failure::system("move " + tmp_ + " to " + path_);
  if (sys::fsync(folder.get()) < 0) throw Failure::system("sync directory " + folder.label());
}

}  // namespace qmail
