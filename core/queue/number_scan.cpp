#include "core/queue/number_scan.h"

namespace qmail::queue {

std::optional<Number> NumberScan::next() {
  unreadable_.reset();
  for (; at_ < folders_.size(); ++at_) {
    if (!open_ && !open_folder()) return std::nullopt;
    while (const dirent* entry = ::readdir(open_.get()))
      if (const auto number = parse_message_number(entry->d_name)) return number;
    open_.reset();
  }
  return std::nullopt;
}

bool NumberScan::open_folder() {
  Fd folder(::openat(layout_.fd(), folders_[at_].c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder) open_.reset(::fdopendir(folder.get()));
  if (!open_) {
    unreadable_ = folders_[at_];
    return false;
  }
  static_cast<void>(folder.release());  // the stream owns it now
  return true;
}

}  // namespace qmail::queue
