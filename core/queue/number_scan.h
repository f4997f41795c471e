// Walking through the message numbers of a queue without holding them all: the queue may be large.
#pragma once
#include <dirent.h>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/queue/layout.h"

namespace qmail::queue {

/// All messages that have a file of one part, folder by folder, in the order the system gives them. Files
/// made meanwhile may or may not appear.
class NumberScan {
 public:
  /// `layout` must outlive this object.
  NumberScan(const Layout& layout, Part part) : layout_(layout), folders_(folders_of(part)) {}

  /// None at the end, or if a folder cannot be opened: unreadable() then names it, and the next call tries
  /// again.
  std::optional<Number> next();
  const std::optional<std::string>& unreadable() const { return unreadable_; }

 private:
  struct Close {
    void operator()(DIR* folder) const { ::closedir(folder); }
  };
  bool open_folder();

  const Layout& layout_;
  std::vector<std::string> folders_;
  std::size_t at_ = 0;
  std::unique_ptr<DIR, Close> open_;
  std::optional<std::string> unreadable_;
};

}  // namespace qmail::queue
