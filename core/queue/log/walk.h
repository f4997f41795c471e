// Walking through the bytes of one segment: what in it is whole, and what was a record but is not any more.
// docs/internals/queue.md. Pure: no files here.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/queue/log/record.h"

namespace qmail::queue_log {

/// A record of this segment that is not whole.
struct Broken {
  std::size_t start = 0;
  std::size_t end = 0;
  /// Its sequence, if its header is whole.
  std::optional<std::uint64_t> sequence{};
  /// It may have been written to its end, so that it was damaged later; else it was being written when the
  /// machine stopped.
  bool was_complete = false;
};

/// What stands between two whole records, or behind the last.
struct Gap {
  std::size_t start = 0;
  std::size_t end = 0;
  std::optional<std::uint64_t> before{};  ///< the sequence of the whole record before it
  std::optional<std::uint64_t> after{};   ///< and behind it
  std::vector<Broken> broken{};
};

struct WholeRecord {
  RecordHeader header;
  std::size_t start = 0;
  std::string_view bytes{};  ///< from its header on, to the end of its payload at least
};

class SegmentWalk {
 public:
  /// `segment` must outlive the walk, and the views of what it finds.
  SegmentWalk(std::string_view segment, const Stamp& stamp) : segment_(segment), stamp_(stamp) {}

  /// The next whole record of this stamp; none at the end. Everything else is passed over.
  std::optional<WholeRecord> next();
  /// What next() passed over so far, where that is more than nothing.
  const std::vector<Gap>& gaps() const { return gaps_; }
  /// Behind the last whole record, on the start of a page: once next() gave none, where to write next.
  std::size_t end() const { return round_up(end_, page_bytes); }

 private:
  std::optional<WholeRecord> whole_at(std::size_t at) const;
  void note_gap(std::size_t end, std::optional<std::uint64_t> after);
  std::optional<Broken> broken_at(std::size_t at, std::size_t end) const;
  std::size_t bytes_to_tail(std::string_view rest) const;

  std::string_view segment_;
  Stamp stamp_;
  std::size_t end_ = page_bytes;  ///< of the last whole record
  std::optional<std::uint64_t> last_;
  std::vector<Gap> gaps_;
};

}  // namespace qmail::queue_log
