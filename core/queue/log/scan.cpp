#include "core/queue/log/scan.h"

#include "core/base/failure.h"
#include "core/queue/log/contents.h"

namespace qmail::queue_log {
namespace {

/// Header and envelope only: the walk has just checked the whole. None if it is not there any more.
std::optional<LiveMessage> read_head(const Segment& segment, const Place& place, std::string& buffer) {
  const std::size_t bytes = record_header_bytes + place.envelope_bytes;
  if (!read_at(segment.file.get(), place.sector * sector_bytes, bytes, buffer)) return std::nullopt;
  const auto header = parse_record_header(buffer);
  const bool is_it = header && header->id == place.id && header->stamp.generation == place.generation &&
                     header->detail == place.envelope_bytes && buffer.size() == bytes;
  if (!is_it) return std::nullopt;
  return LiveMessage{
      .place = place, .origin = header->origin, .envelope = buffer.substr(record_header_bytes)};
}

}  // namespace

std::vector<LiveMessage> live_messages(const queue::Layout& layout) {
  if (::faccessat(layout.fd(), queue::segment_folder, F_OK, 0) < 0 && errno == ENOENT) return {};
  auto read = read_contents(layout, O_RDONLY);
  if (const auto* trouble = std::get_if<std::string>(&read)) throw Failure(Exit::temporary, *trouble);
  Contents& contents = std::get<Contents>(read);
  std::vector<LiveMessage> messages;
  std::string buffer;
  for (const Number id : oldest_of(contents.live, contents.segments, contents.live.size())) {
    const LiveEntry& entry = *contents.live.find(id);
    const Segment& segment = contents.segments.at(entry.segment);
    auto message = read_head(segment, place_of(entry, segment), buffer);
    if (!message) continue;
    message->outcomes = std::move(contents.outcomes[id]);
    messages.push_back(std::move(*message));
  }
  return messages;
}

std::optional<StoredMessage> read_message(const queue::Layout& layout, const Place& place,
                                          std::string& buffer) {
  const Fd file(::openat(layout.fd(), queue::segment_name(place.segment).c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return std::nullopt;
  return read_stored(file.get(), place, buffer);
}

}  // namespace qmail::queue_log
