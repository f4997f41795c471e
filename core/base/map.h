// A file's bytes without reading it: for lookups in large constant databases.
#pragma once
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

#include "core/base/fd.h"

namespace qmail {

/// The bytes `fd` had when it was mapped; the descriptor may be closed. Only for files that are replaced by
/// rename and never cut in place, as every cdb is: touching bytes cut away would end the process.
class MappedFile {
 public:
  /// None with the reason in errno.
  static std::optional<MappedFile> map(const Fd& fd);
  MappedFile(MappedFile&& other) noexcept
      : start_(std::exchange(other.start_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  MappedFile& operator=(MappedFile&& other) noexcept {
    std::swap(start_, other.start_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~MappedFile();

  std::string_view bytes() const { return {static_cast<const char*>(start_), size_}; }

 private:
  MappedFile(void* start, std::size_t size) : start_(start), size_(size) {}

  void* start_;  ///< null for an empty file
  std::size_t size_;
};

}  // namespace qmail
