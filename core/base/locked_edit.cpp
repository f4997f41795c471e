#include "core/base/locked_edit.h"

#include <cerrno>
#include <sys/file.h>

#include "core/base/failure.h"
#include "core/base/publish.h"
#include "core/base/sys.h"

namespace qmail {
namespace {

Fd lock(const Directory& directory, const std::string& name) {
  const std::string label = directory.path_of(name);
  constexpr int flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  Fd file(sys::open_at(directory.get(), name.c_str(), flags, 0600));
  if (!file) throw Failure::system("open " + label);
  while (::flock(file.get(), LOCK_EX) < 0)
    if (errno != EINTR) throw Failure::system("lock " + label);
  return file;
}

}  // namespace

LockedEdit::LockedEdit(const std::string& path)
    : directory_(Directory::holding(path)),
      name_(path.substr(path.rfind('/') + 1)),
      lock_(lock(directory_, name_ + ".lock")) {}

std::optional<std::string> LockedEdit::text(std::size_t limit) const {
  const auto file = find_regular_file(path());
  if (!file) return std::nullopt;
  auto bytes = read_all(file->get(), limit, path());
  if (!bytes)
    throw Failure(Exit::permanent,
                  "unable to read " + path() + ": it has more than " + std::to_string(limit) + " bytes");
  return bytes;
}

void LockedEdit::replace(std::string_view bytes) const { republish(directory_, name_, bytes); }

}  // namespace qmail
