#include "core/queue/log/walk.h"

#include <algorithm>

namespace qmail::queue_log {

std::optional<WholeRecord> SegmentWalk::next() {
  for (std::size_t at = end_; at < segment_.size(); at += sector_bytes) {
    auto record = whole_at(at);
    if (!record) continue;
    note_gap(at, record->header.sequence);
    end_ = at + sectors_of(record->header.payload_bytes) * sector_bytes;
    last_ = record->header.sequence;
    return record;
  }
  note_gap(segment_.size(), std::nullopt);
  return std::nullopt;
}

std::optional<WholeRecord> SegmentWalk::whole_at(std::size_t at) const {
  const std::string_view rest = segment_.substr(at);
  const auto header = parse_record_header(rest);
  if (!header || header->stamp != stamp_ || !is_whole(*header, rest)) return std::nullopt;
  // A sequence that does not rise is the rest of an attempt that was given up.
  if (last_ && header->sequence <= *last_) return std::nullopt;
  return WholeRecord{*header, at, rest.substr(0, record_header_bytes + header->payload_bytes)};
}

void SegmentWalk::note_gap(std::size_t end, std::optional<std::uint64_t> after) {
  if (end <= end_) return;
  Gap gap{.start = end_, .end = end, .before = last_, .after = after};
  for (std::size_t at = end_; at < end; at += sector_bytes)
    if (auto broken = broken_at(at, end)) {
      if (!gap.broken.empty()) gap.broken.back().end = std::min(gap.broken.back().end, at);
      gap.broken.push_back(*broken);
    }
  gaps_.push_back(std::move(gap));
}

std::optional<Broken> SegmentWalk::broken_at(std::size_t at, std::size_t end) const {
  const std::string_view rest = segment_.substr(at, end - at);
  if (const auto header = parse_record_header(rest)) {
    if (header->stamp != stamp_ || (last_ && header->sequence <= *last_)) return std::nullopt;
    const std::size_t size = sectors_of(header->payload_bytes) * sector_bytes;
    return Broken{.start = at,
                  .end = at + std::min(size, rest.size()),
                  .sequence = header->sequence,
                  .was_complete = has_tail(*header, rest)};
  }
  if (!was_header(rest, stamp_, last_.value_or(0) + 1)) return std::nullopt;
  // One sector is written whole or not at all, so this one was damaged later.
  return Broken{.start = at, .end = at + bytes_to_tail(rest), .was_complete = true};
}

std::size_t SegmentWalk::bytes_to_tail(std::string_view rest) const {
  for (std::size_t size = sector_bytes; size <= rest.size(); size += sector_bytes)
    if (ends_record(rest.substr(0, size), stamp_)) return size;
  return std::min(page_bytes, rest.size());
}

}  // namespace qmail::queue_log
