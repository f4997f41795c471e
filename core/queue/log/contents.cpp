#include "core/queue/log/contents.h"

#include <algorithm>
#include <cerrno>
#include <limits>

#include "core/base/error_text.h"

namespace qmail::queue_log {
namespace {

/// With both copies of the header lost: the latest life that any record tells of.
std::optional<Stamp> stamp_of_records(std::string_view segment) {
  std::optional<Stamp> latest;
  for (std::size_t at = page_bytes; at < segment.size(); at += sector_bytes)
    if (const auto header = parse_record_header(segment.substr(at)))
      if (!latest || header->stamp.generation > latest->generation) latest = header->stamp;
  return latest;
}

class ContentsReader {
 public:
  explicit ContentsReader(const queue::Layout& layout) : layout_(layout) {}

  std::variant<Contents, std::string> read(int flags) {
    if (auto trouble = open_segments(flags)) return std::move(*trouble);
    for (const std::uint32_t number : by_generation()) read_segment_of(contents_.segments.at(number));
    for (const Passed& passed : passed_) judge(passed);
    return std::move(contents_);
  }

 private:
  /// What a walk passed over, with its bytes.
  struct Passed {
    std::uint32_t segment;
    Stamp stamp;
    Gap gap;
    std::string bytes;
  };

  std::optional<std::string> open_segments(int flags);
  std::vector<std::uint32_t> by_generation();
  void read_segment_of(Segment& segment);
  void note_gaps(const Segment& segment, const std::vector<Gap>& gaps);
  void apply(const WholeRecord& record, Segment& segment);
  void end(Number id);
  void judge(const Passed& passed);
  void find(const Passed& passed, std::size_t start, std::size_t end, bool is_damage);

  const queue::Layout& layout_;
  Contents contents_;
  std::string buffer_;
  std::uint64_t durable_ = 0;  ///< the latest that any record says
  std::vector<Passed> passed_;
};

std::optional<std::string> ContentsReader::open_segments(int flags) {
  const auto numbers = numbers_in(layout_, queue::segment_folder);
  if (!numbers) return reason("read", queue::segment_folder);
  for (const Number number : *numbers) {
    if (number > std::numeric_limits<std::uint32_t>::max()) continue;
    const auto own = static_cast<std::uint32_t>(number);
    auto segment = open_segment(layout_, own, flags);
    if (!segment && errno == ENOENT) continue;  // taken away meanwhile
    if (!segment) return reason("open", queue::segment_name(own));
    if (!segment->stamp) {
      read_segment(*segment, buffer_);
      segment->stamp = stamp_of_records(buffer_);
    }
    contents_.segments.emplace(own, std::move(*segment));
  }
  return std::nullopt;
}

std::vector<std::uint32_t> ContentsReader::by_generation() {
  std::vector<std::pair<std::uint64_t, std::uint32_t>> order;
  for (const auto& [number, segment] : contents_.segments)
    if (segment.stamp) order.emplace_back(segment.stamp->generation, number);
  std::sort(order.begin(), order.end());
  if (!order.empty()) contents_.last_generation = order.back().first;
  std::vector<std::uint32_t> numbers;
  for (const auto& [generation, number] : order) numbers.push_back(number);
  return numbers;
}

void ContentsReader::read_segment_of(Segment& segment) {
  const std::vector<std::size_t> unreadable = read_segment(segment, buffer_);
  SegmentWalk walk(buffer_, *segment.stamp);
  bool has_records = false;
  while (const auto record = walk.next()) {
    apply(*record, segment);
    has_records = true;
  }
  note_gaps(segment, walk.gaps());
  for (const std::size_t page : unreadable)
    contents_.findings.push_back({segment.number, *segment.stamp, page, std::string(page_bytes, '\0'), true});
  (has_records ? contents_.used : contents_.free).push_back(segment.number);
  if (has_records) contents_.end = walk.end();
}

void ContentsReader::note_gaps(const Segment& segment, const std::vector<Gap>& gaps) {
  for (const Gap& gap : gaps) {
    const bool is_nothing = gap.broken.empty() && !gap.after;
    const bool misses_none = gap.before && gap.after && *gap.after == *gap.before + 1;
    if (is_nothing || misses_none) continue;
    // Behind the last whole record only what is broken matters, and the rest may be large.
    const std::size_t end = gap.after ? gap.end : gap.broken.back().end;
    passed_.push_back({segment.number, *segment.stamp, gap, buffer_.substr(gap.start, end - gap.start)});
  }
}

void ContentsReader::apply(const WholeRecord& record, Segment& segment) {
  const RecordHeader& header = record.header;
  contents_.last_sequence = std::max(contents_.last_sequence, header.sequence);
  durable_ = std::max(durable_, header.durable);
  switch (header.kind) {
    case Kind::message:
      // The number was lent again, so whatever had it before has ended.
      end(header.id);
      contents_.live.put({.id = header.id,
                          .segment = segment.number,
                          .sector = static_cast<std::uint32_t>(record.start / sector_bytes),
                          .envelope_bytes = header.detail,
                          .body_bytes = header.payload_bytes - header.detail});
      ++segment.live;
      break;
    case Kind::outcome:
      if (contents_.live.find(header.id) != nullptr)
        contents_.outcomes[header.id].push_back(
            {header.detail, header.how, std::string(payload_of(header, record.bytes))});
      break;
    case Kind::moved:
    case Kind::ended: end(header.id); break;
    case Kind::skipped: break;
  }
}

void ContentsReader::end(Number id) {
  const LiveEntry* entry = contents_.live.find(id);
  if (entry == nullptr) return;
  --contents_.segments.at(entry->segment).live;
  contents_.live.remove(id);
  contents_.outcomes.erase(id);
}

/// Decides between damaged and unfinished, now that it is known what was durable.
void ContentsReader::judge(const Passed& passed) {
  const Gap& gap = passed.gap;
  const auto is_damage = [this](const Broken& broken) {
    return broken.was_complete || broken.sequence.value_or(durable_ + 1) <= durable_;
  };
  if (!gap.after) {
    for (const Broken& broken : gap.broken) find(passed, broken.start, broken.end, is_damage(broken));
    return;
  }
  const std::uint64_t missing = gap.before ? *gap.before + 1 : *gap.after - 1;
  find(passed, gap.start, gap.end,
       missing <= durable_ || std::any_of(gap.broken.begin(), gap.broken.end(), is_damage));
}

void ContentsReader::find(const Passed& passed, std::size_t start, std::size_t end, bool is_damage) {
  contents_.findings.push_back({.segment = passed.segment,
                                .stamp = passed.stamp,
                                .start = start,
                                .bytes = passed.bytes.substr(start - passed.gap.start, end - start),
                                .is_damage = is_damage,
                                .after = passed.gap.after});
}

}  // namespace

std::string reason(const std::string& what, const std::string& name) {
  return "unable to " + what + " " + queue::queue_folder + "/" + name + ": " + error_text(errno);
}

Place place_of(const LiveEntry& entry, const Segment& segment) {
  return {.id = entry.id,
          .generation = segment.stamp ? segment.stamp->generation : 0,
          .segment = entry.segment,
          .sector = entry.sector,
          .envelope_bytes = entry.envelope_bytes,
          .body_bytes = entry.body_bytes};
}

std::vector<Number> oldest_of(const LiveTable& live, const std::map<std::uint32_t, Segment>& segments,
                              std::size_t most) {
  std::vector<Place> places;
  live.for_each(
      [&](const LiveEntry& entry) { places.push_back(place_of(entry, segments.at(entry.segment))); });
  const auto end = places.begin() + static_cast<std::ptrdiff_t>(std::min(most, places.size()));
  std::partial_sort(places.begin(), end, places.end(), [](const Place& a, const Place& b) {
    return std::pair(a.generation, a.sector) < std::pair(b.generation, b.sector);
  });
  std::vector<Number> numbers;
  for (auto place = places.begin(); place != end; ++place) numbers.push_back(place->id);
  return numbers;
}

std::variant<Contents, std::string> read_contents(const queue::Layout& layout, int flags) {
  return ContentsReader(layout).read(flags);
}

}  // namespace qmail::queue_log
