#include "core/queue/names.h"

#include <cerrno>
#include <sys/stat.h>

#include "core/base/sys.h"

namespace qmail::queue {
namespace {

/// False too where one of the folders is on another file system: a sync of one brings nothing of the other.
bool keeps_order_throughout(const Layout& layout) {
  struct stat whole {};
  if (::fstat(layout.fd(), &whole) < 0 || !sys::keeps_order(layout.fd())) return false;
  for (const Part part : {Part::info, Part::local, Part::remote, Part::bounce}) {
    struct stat one {};
    const std::string folder = folder_of(part, 0);
    if (::fstatat(layout.fd(), folder.c_str(), &one, 0) < 0 || one.st_dev != whole.st_dev) return false;
  }
  return true;
}

}  // namespace

Names::Names(const Layout& layout) : layout_(layout), keeps_order_(keeps_order_throughout(layout)) {}

void Names::note_change(const std::string& folder, bool is_certain) {
  durable_.erase(folder);
  latest_ = is_certain ? folder : "";
}

Fd Names::open(Part part, Number number, int flags, mode_t mode) {
  Fd file(sys::open_at(layout_.fd(), name_of(part, number).c_str(), flags | O_NONBLOCK, mode));
  if ((flags & O_CREAT) != 0) note_change(folder_of(part, number), file && (flags & O_EXCL) != 0);
  return file;
}

Fd Names::open_unnamed(Part part, Number number, mode_t mode) {
  return Fd(sys::open_at(layout_.fd(), folder_of(part, number).c_str(), O_WRONLY | O_TMPFILE, mode));
}

int Names::link(const Fd& unnamed, Part part, Number number) {
  const int result = sys::link_fd(unnamed.get(), layout_.fd(), name_of(part, number).c_str());
  note_change(folder_of(part, number), result == 0);
  return result;
}

std::optional<Trouble> Names::remove(Part part, Number number) {
  const std::string name = name_of(part, number);
  if (sys::unlink_at(layout_.fd(), name.c_str()) < 0)
    return errno == ENOENT ? std::nullopt : std::optional(Trouble{"unable to unlink", name});
  note_change(folder_of(part, number), true);
  return std::nullopt;
}

std::optional<Trouble> Names::sync(std::span<const Part> parts, std::span<const Number> numbers) {
  const bool brings_all = keeps_order_ && !latest_.empty();
  bool is_done = false;
  for (const Part part : parts)
    for (const Number number : numbers) {
      const std::string folder = folder_of(part, number);
      if (durable_.contains(folder)) continue;
      const std::string& to_sync = brings_all ? latest_ : folder;
      if (!is_done && layout_.sync(to_sync) < 0) return Trouble{"trouble fsyncing", to_sync};
      is_done = brings_all;
      durable_.insert(folder);
    }
  if (is_done) latest_.clear();
  return std::nullopt;
}

}  // namespace qmail::queue
