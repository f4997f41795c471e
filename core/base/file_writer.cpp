#include "core/base/file_writer.h"

#include <cerrno>

#include "core/base/sys.h"

namespace qmail {
namespace {

constexpr std::size_t block_size = 65536;

}  // namespace

FileWriter& FileWriter::put(std::string_view bytes) {
  if (error_ != 0) return *this;
  buffer_.append(bytes);
  // An error sticks, so the next flush() of the caller's own will report it.
  if (buffer_.size() >= block_size) static_cast<void>(flush());
  return *this;
}

bool FileWriter::flush() {
  std::string_view rest = buffer_;
  while (!rest.empty() && error_ == 0) {
    const ssize_t written = sys::write(fd_, rest.data(), rest.size());
    if (written >= 0)
      rest.remove_prefix(static_cast<std::size_t>(written));
    else if (errno != EINTR)
      error_ = errno;
  }
  buffer_.clear();
  return error_ == 0;
}

}  // namespace qmail
