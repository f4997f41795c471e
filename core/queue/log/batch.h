// Records on their way to a segment: gathered, then written with one call where the system takes it as one.
#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <sys/uio.h>
#include <vector>

#include "core/queue/log/record.h"

namespace qmail::queue_log {

/// Keeps its memory from one batch to the next.
class Batch {
 public:
  /// The next records go to a segment from here on, the start of a page. What was gathered is forgotten.
  void start(std::size_t at);
  /// `payload` is written from where it is: it must stay until write() has returned.
  void add(const RecordHeader& header, std::span<const std::string_view> payload);
  /// The same, with a payload that is copied.
  void add_copy(const RecordHeader& header, std::string_view payload);
  /// Where the next record will stand in the segment.
  std::size_t end() const { return at_ + bytes_; }
  bool empty() const { return bytes_ == 0; }

  /// Writes them all, and zeros to the end of the page, where the next batch then starts. False, with errno
  /// set, on failure: any part may have been written.
  bool write(int file);

 private:
  struct Piece {
    const char* bytes;  ///< null: in own_
    std::size_t at;
    std::size_t size;
  };
  void take_own(std::size_t from);

  std::size_t at_ = page_bytes;
  std::size_t bytes_ = 0;
  std::string own_;  ///< headers, and what stands between payloads
  std::vector<Piece> pieces_;
  std::vector<iovec> vectors_;
};

}  // namespace qmail::queue_log
