#include "core/base/file_writer.h"

#include <cerrno>

#include "core/base/publish.h"

namespace qmail {
namespace {

constexpr std::size_t write_size = 65536;

}  // namespace

FileWriter& FileWriter::put(std::string_view bytes) {
  if (error_ != 0) return *this;
  buffer_.append(bytes);
  // An error sticks, so the next flush() of the caller's own will report it.
  if (buffer_.size() >= write_size) static_cast<void>(flush());
  return *this;
}

bool FileWriter::flush() {
  if (error_ == 0 && !try_write_all(fd_, buffer_)) error_ = errno;
  buffer_.clear();
  return error_ == 0;
}

}  // namespace qmail
