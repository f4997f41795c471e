#include "core/base/publish.h"

#include "core/base/failure.h"
#include "core/base/sys.h"

namespace qmail {

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
  const std::string temporary = tmp.empty() ? name + ".tmp" : tmp;
  const std::string label = directory.path_of(temporary);
  const Fd out(
      sys::open_at(directory.get(), temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600));
  if (!out) throw Failure::system("create " + label);
  write_all(out.get(), bytes, label);
  if (sys::fchmod(out.get(), mode) < 0) throw Failure::system("set mode of " + label);
  if (sys::fsync(out.get()) < 0) throw Failure::system("sync " + label);
  if (sys::rename_at(directory.get(), temporary.c_str(), directory.get(), name.c_str()) < 0)
    throw Failure::system("rename " + label + " to " + name);
  if (sys::fsync(directory.get()) < 0) throw Failure::system("sync directory " + directory.label());
}

}  // namespace qmail
