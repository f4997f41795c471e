// The folders of the queue as those keep them open who look at very many files: a name is found with one step
// then, and reading leaves no trace.
#pragma once
#include <array>
#include <sys/stat.h>

#include "core/base/fd.h"
#include "core/queue/layout.h"

namespace qmail::queue::view {

class Folders {
 public:
  /// `queue` must outlive this object.
  explicit Folders(const Layout& queue) : queue_(queue) {}

  /// For reading; none, with errno set, if it cannot be opened.
  Fd open(Part part, Number number);
  /// None, with errno set, if there is no such file.
  std::optional<struct stat> look_at(Part part, Number number);

 private:
  int folder(Part part, Number number);

  const Layout& queue_;
  std::array<std::array<Fd, split>, every_part.size()> open_;
};

}  // namespace qmail::queue::view
