#include "core/queue/names.h"

#include <cerrno>

#include "core/base/sys.h"

namespace qmail::queue {

Fd Names::open(Part part, Number number, int flags, mode_t mode) {
  if ((flags & O_CREAT) != 0) durable_.erase(folder_of(part, number));
  return Fd(sys::open_at(layout_.fd(), name_of(part, number).c_str(), flags | O_NONBLOCK, mode));
}

Fd Names::open_unnamed(Part part, Number number, mode_t mode) {
  return Fd(sys::open_at(layout_.fd(), folder_of(part, number).c_str(), O_WRONLY | O_TMPFILE, mode));
}

int Names::link(const Fd& unnamed, Part part, Number number) {
  durable_.erase(folder_of(part, number));
  return sys::link_fd(unnamed.get(), layout_.fd(), name_of(part, number).c_str());
}

std::optional<Trouble> Names::remove(Part part, Number number) {
  const std::string name = name_of(part, number);
  if (sys::unlink_at(layout_.fd(), name.c_str()) < 0)
    return errno == ENOENT ? std::nullopt : std::optional(Trouble{"unable to unlink", name});
  durable_.erase(folder_of(part, number));
  return std::nullopt;
}

std::optional<Trouble> Names::sync(std::span<const Part> parts, std::span<const Number> numbers) {
  for (const Part part : parts)
    for (const Number number : numbers) {
      const std::string folder = folder_of(part, number);
      if (durable_.contains(folder)) continue;
      if (layout_.sync(folder) < 0) return Trouble{"trouble fsyncing", folder};
      durable_.insert(folder);
    }
  return std::nullopt;
}

}  // namespace qmail::queue
