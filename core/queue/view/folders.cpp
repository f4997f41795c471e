#include "core/queue/view/folders.h"

#include <fcntl.h>

namespace qmail::queue::view {

int Folders::folder(Part part, Number number) {
  Fd& folder = open_.at(static_cast<std::size_t>(part)).at(is_split(part) ? number % split : 0);
  if (!folder)
    folder = Fd(::openat(queue_.fd(), folder_of(part, number).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  return folder.get();
}

Fd Folders::open(Part part, Number number) {
  const int in = folder(part, number);
  return in < 0 ? Fd() : open_unnoted(in, std::to_string(number));
}

std::optional<struct stat> Folders::look_at(Part part, Number number) {
  const int in = folder(part, number);
  struct stat found {};
  if (in < 0 || ::fstatat(in, std::to_string(number).c_str(), &found, 0) < 0) return std::nullopt;
  return found;
}

}  // namespace qmail::queue::view
