#include "core/base/spool.h"

#include <array>
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>

#include "core/base/file_writer.h"
#include "core/base/sys.h"

namespace qmail {

bool Spool::put(std::string_view bytes) {
  memory_ += bytes;
  return memory_.size() <= most_in_memory_ || write_out();
}

bool Spool::write_out() {
  if (!file_) file_ = Fd(sys::open_at(AT_FDCWD, P_tmpdir, O_RDWR | O_TMPFILE | O_CLOEXEC, 0600));
  if (!file_) return false;
  FileWriter out(file_.get());
  out.put(memory_);
  memory_.clear();
  if (out.flush()) return true;
  errno = out.error();
  return false;
}

bool Spool::take(const std::function<void(std::string_view)>& use) {
  std::array<char, 65536> block{};
  ssize_t got = 0;
  for (off_t at = 0; file_ && (got = ::pread(file_.get(), block.data(), block.size(), at)) > 0; at += got)
    use({block.data(), static_cast<std::size_t>(got)});
  if (got < 0) return false;
  if (!memory_.empty()) use(memory_);
  memory_.clear();
  file_ = Fd();
  return true;
}

}  // namespace qmail
