// Writing a file in large pieces through the sys seam, where the caller must choose what a failure means.
#pragma once
#include <string>
#include <string_view>

namespace qmail {

/// Writes `fd`, which it does not own. Errors stick: after the first one nothing more is written.
class FileWriter {
 public:
  explicit FileWriter(int fd) : fd_(fd) {}
  FileWriter& put(std::string_view bytes);
  /// True if every byte put so far was handed to the system; it may still have to be synced.
  [[nodiscard]] bool flush();
  /// The errno of the first failure, or 0.
  int error() const { return error_; }

 private:
  int fd_;
  std::string buffer_;
  int error_ = 0;
};

}  // namespace qmail
