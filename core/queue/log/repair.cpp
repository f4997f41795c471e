// What the log does after a write or a sync has failed: what is still live in the segment in trouble is read
// again, checked, and written into a fresh one.
#include <unordered_set>

#include "core/base/error_text.h"
#include "core/log/events.h"
#include "core/queue/log/damaged.h"
#include "core/queue/log/log.h"
#include "core/queue/log/walk.h"

namespace qmail::queue_log {

/// True if nothing is wrong (any more) and everything said is durable.
bool Log::repair() {
  if (!failed_) return true;
  const std::uint32_t bad = segments_.active()->number;
  std::string bytes;
  read_segment(*segments_.active(), bytes);
  while (segments_.advance()) {
    failed_ = false;
    batch_.start(page_bytes);
    std::vector<LiveEntry> moved;
    if (rewrite(bad, bytes, moved)) {
      place_said();
      if (flush() && sync()) {
        finish_repair(bad, moved);
        return !unsynced();
      }
    }
    segments_.discard_active();
  }
  failed_ = true;
  sync_due_ = after_trouble();
  return false;
}

/// Puts into the batch what counts of the records in `bytes`, the content of segment `from`: the live
/// messages in it, which `moved` then tells with their new places, and what was said of live messages and of
/// older ones. What was said since the last sync is not among it: that is still in memory.
bool Log::rewrite(std::uint32_t from, std::string_view bytes, std::vector<LiveEntry>& moved) {
  SegmentWalk walk(bytes, *segments_.at(from).stamp);
  std::unordered_set<Number> seen;
  while (const auto record = walk.next()) {
    const RecordHeader& header = record->header;
    if (header.sequence > durable_) continue;
    const LiveEntry* entry = live_.find(header.id);
    bool counts = false;
    switch (header.kind) {
      case Kind::message:
        seen.insert(header.id);
        counts = entry != nullptr && entry->segment == from && entry->sector * sector_bytes == record->start;
        break;
      case Kind::outcome: counts = entry != nullptr; break;
      case Kind::moved:
      case Kind::ended: counts = !seen.contains(header.id); break;
      case Kind::skipped: break;
    }
    if (!counts) continue;
    const std::string_view payload = payload_of(header, record->bytes);
    if (!segments_.active()->has_room_at(batch_.end(), sectors_of(payload.size()) * sector_bytes))
      return false;
    if (header.kind == Kind::message) {
      moved.push_back(*entry);
      moved.back().segment = segments_.active()->number;
      moved.back().sector = static_cast<std::uint32_t>(batch_.end() / sector_bytes);
    }
    batch_.add(next_header(header), {&payload, 1});
  }
  return true;
}

void Log::finish_repair(std::uint32_t bad, const std::vector<LiveEntry>& moved) {
  Segment& fresh = *segments_.active();
  Segment& old = segments_.at(bad);
  for (const LiveEntry& entry : moved) {
    live_.put(entry);
    ++fresh.live;
    --old.live;
  }
  const std::string name = queue::segment_name(bad);
  alert_(log::alert_log_rewritten(name, queue::segment_name(fresh.number)));
  bool left = false;
  live_.for_each([&](const LiveEntry& entry) {
    if (entry.segment != bad) return;
    left = true;
    alert_(log::alert_log_unread(entry.id, name));
  });
  // What cannot be read now may be readable on another day.
  if (left) return;
  for (Said& said : said_)
    if (said.segment == bad) said.segment = 0;
  if (!segments_.discard_last_but_active()) alert_(log::alert_log_trouble("remove", name, error_text(errno)));
}

void Log::give_up(Number id) {
  const auto place = place_of(id);
  if (!place) return;
  const Segment& segment = segments_.at(place->segment);
  Finding finding{.segment = segment.number,
                  .stamp = *segment.stamp,
                  .start = place->sector * sector_bytes,
                  .is_damage = true};
  const std::size_t payload_bytes = std::size_t{place->envelope_bytes} + place->body_bytes;
  static_cast<void>(
      read_part(segment, finding.start, sectors_of(payload_bytes) * sector_bytes, finding.bytes));
  const std::string name = queue::segment_name(segment.number);
  if (!save_damage(layout_, finding)) return alert_(log::alert_log_damage(name));
  alert_(log::alert_log_damage(name, damaged_name(finding)));
  const auto header = parse_record_header(finding.bytes);
  if (header && header->stamp.generation == place->generation) {
    finding.after = header->sequence + 1;
    // If not, the next start finds the same again.
    static_cast<void>(mark_dealt_with(segment, finding));
  }
  ended(id);
}

}  // namespace qmail::queue_log
