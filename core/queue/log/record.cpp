#include "core/queue/log/record.h"

#include "core/format/crc32c.h"
#include "core/format/fixed_width.h"

namespace qmail::queue_log {
namespace {

constexpr std::string_view segment_magic = "qmlogseg";
constexpr std::uint32_t segment_version = 1;
constexpr std::size_t segment_header_bytes = 36;
/// Not in the same sector as the first.
constexpr std::size_t second_copy = page_bytes / 2;

constexpr std::string_view record_magic = "qlog";
constexpr std::size_t secret_at = 32;
constexpr std::size_t generation_at = 24;
constexpr std::size_t sequence_at = 40;
constexpr std::size_t header_sum_at = 76;
constexpr std::size_t sum_at = 80;

/// For fields that are known to be there.
template <typename Number>
Number take(std::string_view& in) {
  return take_fixed<Number>(in).value_or(0);
}

template <typename Number>
Number number_at(std::string_view bytes, std::size_t at) {
  bytes.remove_prefix(at);
  return take<Number>(bytes);
}

std::string header_copy(std::uint32_t number, const Stamp& stamp) {
  std::string copy(segment_magic);
  append_fixed(copy, segment_version);
  append_fixed(copy, number);
  append_fixed(copy, stamp.generation);
  append_fixed(copy, stamp.secret);
  append_fixed(copy, crc32c(copy));
  return copy;
}

std::optional<Stamp> parse_copy(std::string_view copy, std::uint32_t number) {
  if (copy.size() < segment_header_bytes) return std::nullopt;
  std::string_view in = copy.substr(segment_magic.size());
  const auto version = take<std::uint32_t>(in);
  const auto own_number = take<std::uint32_t>(in);
  const Stamp stamp{take<std::uint64_t>(in), take<std::uint64_t>(in)};
  const bool is_right = copy.starts_with(segment_magic) && version == segment_version &&
                        own_number == number && stamp.generation != 0 &&
                        take<std::uint32_t>(in) == crc32c(copy.substr(0, segment_header_bytes - 4));
  return is_right ? std::optional(stamp) : std::nullopt;
}

/// Everything before the sums.
void append_fields(std::string& out, const RecordHeader& header) {
  out += record_magic;
  out += static_cast<char>(header.kind);
  out += header.how;
  append_fixed(out, std::uint16_t{0});
  append_fixed(out, header.payload_bytes);
  append_fixed(out, header.detail);
  append_fixed(out, header.id);
  append_fixed(out, header.stamp.generation);
  append_fixed(out, header.stamp.secret);
  append_fixed(out, header.sequence);
  append_fixed(out, header.durable);
  append_fixed(out, static_cast<std::uint64_t>(header.origin.birth));
  append_fixed(out, header.origin.qp);
  append_fixed(out, std::uint32_t{header.origin.uid});
}

bool is_kind(std::uint8_t kind) {
  return kind >= static_cast<std::uint8_t>(Kind::message) && kind <= static_cast<std::uint8_t>(Kind::skipped);
}

}  // namespace

std::string segment_header(std::uint32_t number, const Stamp& stamp) {
  std::string page = header_copy(number, stamp);
  page.resize(second_copy);
  page += header_copy(number, stamp);
  page.resize(page_bytes);
  return page;
}

std::optional<Stamp> parse_segment_header(std::string_view page, std::uint32_t number) {
  if (page.size() < page_bytes) return std::nullopt;
  const auto first = parse_copy(page, number);
  const auto second = parse_copy(page.substr(second_copy), number);
  if (!first || !second) return first ? first : second;
  // Interrupted while it was being recycled: nothing of the newer one is in it yet, all of the older one has
  // ended.
  return first->generation > second->generation ? first : second;
}

std::size_t sectors_of(std::size_t payload_bytes) {
  return round_up(record_header_bytes + payload_bytes + record_tail_bytes, sector_bytes) / sector_bytes;
}

void append_header(std::string& out, const RecordHeader& header, std::span<const std::string_view> payload) {
  const std::size_t start = out.size();
  append_fields(out, header);
  append_fixed(out, crc32c(std::string_view(out).substr(start)));
  std::uint32_t sum = crc32c(std::string_view(out).substr(start));
  for (const std::string_view piece : payload) sum = crc32c(piece, sum);
  append_fixed(out, sum);
}

void append_tail(std::string& out, const RecordHeader& header) {
  const std::size_t used = record_header_bytes + header.payload_bytes + record_tail_bytes;
  out.append(sectors_of(header.payload_bytes) * sector_bytes - used, '\0');
  append_fixed(out, header.sequence);
  append_fixed(out, header.stamp.secret);
}

std::optional<RecordHeader> parse_record_header(std::string_view sector) {
  if (sector.size() < record_header_bytes || !sector.starts_with(record_magic)) return std::nullopt;
  if (number_at<std::uint32_t>(sector, header_sum_at) != crc32c(sector.substr(0, header_sum_at)))
    return std::nullopt;
  std::string_view in = sector.substr(record_magic.size());
  const auto kind = take<std::uint8_t>(in);
  if (!is_kind(kind)) return std::nullopt;
  RecordHeader header;
  header.kind = static_cast<Kind>(kind);
  header.how = static_cast<char>(take<std::uint8_t>(in));
  take<std::uint16_t>(in);
  header.payload_bytes = take<std::uint32_t>(in);
  header.detail = take<std::uint32_t>(in);
  header.id = take<std::uint64_t>(in);
  header.stamp.generation = take<std::uint64_t>(in);
  header.stamp.secret = take<std::uint64_t>(in);
  header.sequence = take<std::uint64_t>(in);
  header.durable = take<std::uint64_t>(in);
  header.origin.birth = static_cast<std::int64_t>(take<std::uint64_t>(in));
  header.origin.qp = take<std::uint64_t>(in);
  header.origin.uid = take<std::uint32_t>(in);
  header.sum = number_at<std::uint32_t>(sector, sum_at);
  if (header.kind == Kind::message && header.detail > header.payload_bytes) return std::nullopt;
  return header;
}

bool is_whole(const RecordHeader& header, std::string_view record) {
  if (record.size() < record_header_bytes + header.payload_bytes) return false;
  return crc32c(payload_of(header, record), crc32c(record.substr(0, sum_at))) == header.sum;
}

bool has_tail(const RecordHeader& header, std::string_view record) {
  const std::size_t size = sectors_of(header.payload_bytes) * sector_bytes;
  if (record.size() < size) return false;
  std::string_view tail = record.substr(size - record_tail_bytes, record_tail_bytes);
  return take<std::uint64_t>(tail) == header.sequence && take<std::uint64_t>(tail) == header.stamp.secret;
}

bool was_header(std::string_view sector, const Stamp& stamp, std::uint64_t next_sequence) {
  if (sector.size() < record_header_bytes) return false;
  if (number_at<std::uint64_t>(sector, secret_at) == stamp.secret) return true;
  return sector.starts_with(record_magic) &&
         number_at<std::uint64_t>(sector, generation_at) == stamp.generation &&
         number_at<std::uint64_t>(sector, sequence_at) == next_sequence;
}

bool ends_record(std::string_view bytes, const Stamp& stamp) {
  return bytes.size() >= sector_bytes &&
         number_at<std::uint64_t>(bytes, bytes.size() - sizeof(std::uint64_t)) == stamp.secret;
}

StoredMessage message_of(const RecordHeader& header, std::string_view record) {
  const std::string_view payload = payload_of(header, record);
  return {.origin = header.origin,
          .envelope = payload.substr(0, header.detail),
          .body = payload.substr(header.detail)};
}

}  // namespace qmail::queue_log
