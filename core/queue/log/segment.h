// The files of the log.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/fd.h"
#include "core/queue/log/record.h"

namespace qmail::queue_log {

struct Segment {
  std::uint32_t number = 0;
  Fd file{};
  std::size_t bytes = 0;
  std::optional<Stamp> stamp{};  ///< none: not in use, and never was, as far as its header tells
  std::size_t live = 0;          ///< messages in it whose end is not durable

  bool has_room_at(std::size_t at, std::size_t more) const { return at <= bytes && more <= bytes - at; }
};

/// `flags` of open(2). None, with errno set, if it cannot be opened, EINVAL if it is too small for a segment.
std::optional<Segment> open_segment(const queue::Layout& layout, std::uint32_t number, int flags);

/// Reads up to `bytes` at `at` into `buffer`, fewer at the end of the file. False, with errno set, on
/// failure.
bool read_at(int file, std::size_t at, std::size_t bytes, std::string& buffer);

/// All of the segment; pages that cannot be read are zeros, and returned.
std::vector<std::size_t> read_segment(const Segment& segment, std::string& buffer);
/// The same for `bytes` of it, from `from` on.
std::vector<std::size_t> read_part(const Segment& segment, std::size_t from, std::size_t bytes,
                                   std::string& buffer);

/// Reads a message from its place, checked, with `buffer` for its bytes; none if it is not there, whole.
std::optional<StoredMessage> read_stored(int file, const Place& place, std::string& buffer);

/// Writes these bytes in place. False, with errno set, on failure.
bool write_at(int file, std::size_t at, std::string_view bytes);

/// From now on nothing in it counts. Durable on return of true; else errno is set.
bool restamp(Segment& segment, const Stamp& stamp);

/// The numbers that name files in one of the log's folders; none, with errno set, if it cannot be read.
std::optional<std::vector<Number>> numbers_in(const queue::Layout& layout, const char* folder);

}  // namespace qmail::queue_log
