// The bytes of the log: segments and their records. docs/internals/queue.md has the format with an example.
// Pure: no files here.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/queue/log/message.h"

namespace qmail::queue_log {

/// What a disk writes whole or not at all; records start on a multiple of it.
inline constexpr std::size_t sector_bytes = 512;
/// What the system keeps in memory as one; writes start on a multiple of it, and fill the last one up.
inline constexpr std::size_t page_bytes = 4096;
/// The first page of a segment is its header.
inline constexpr std::uint32_t first_sector = page_bytes / sector_bytes;

constexpr std::size_t round_up(std::size_t bytes, std::size_t unit) {
  return (bytes + unit - 1) / unit * unit;
}

/// What tells a segment's present content from what it held before it was recycled.
struct Stamp {
  std::uint64_t generation = 0;  ///< rises with every segment taken into use; 0: none, never used
  std::uint64_t secret = 0;      ///< drawn anew each time, so that no message can bring records along
  bool operator==(const Stamp&) const = default;
};

/// The first page of segment `number`.
std::string segment_header(std::uint32_t number, const Stamp& stamp);
/// From the first page: one of the two copies in it suffices. None if there is none, or it is another
/// segment's.
std::optional<Stamp> parse_segment_header(std::string_view page, std::uint32_t number);

/// `skipped` stands for records that were found broken: they are known, and dealt with.
enum class Kind : std::uint8_t { message = 1, outcome = 2, moved = 3, ended = 4, skipped = 5 };

struct RecordHeader {
  Kind kind = Kind::message;
  char how = 0;                     ///< of an outcome: K or D
  std::uint32_t payload_bytes = 0;  ///< behind the header: envelope and body, or the text of an outcome
  std::uint32_t detail = 0;         ///< of a message: bytes of envelope; of an outcome: the recipient's index
  Number id = 0;
  Stamp stamp{};
  std::uint64_t sequence = 0;  ///< rises by one with each record
  std::uint64_t durable = 0;   ///< every record up to this sequence was durable when this one was made
  Origin origin{};             ///< of a message
  std::uint32_t sum = 0;       ///< CRC-32C of all of the above and the payload
};

inline constexpr std::size_t record_header_bytes = 84;
/// In the last bytes of a record's last sector: sequence and secret. If they are there, the record was
/// written to its end.
inline constexpr std::size_t record_tail_bytes = 16;

/// How many sectors a record takes, with its tail.
std::size_t sectors_of(std::size_t payload_bytes);

/// Appends the header, with its sums.
void append_header(std::string& out, const RecordHeader& header, std::span<const std::string_view> payload);
/// Appends what comes behind the payload: zeros and the tail.
void append_tail(std::string& out, const RecordHeader& header);

/// From the start of a sector; none if no header stands there, whole.
std::optional<RecordHeader> parse_record_header(std::string_view sector);
/// `record`, which begins with that header, has all of the payload, and unchanged.
bool is_whole(const RecordHeader& header, std::string_view record);
/// It has the tail.
bool has_tail(const RecordHeader& header, std::string_view record);
/// No whole header, but what stands here was one of this segment: its secret, or what comes next in it.
bool was_header(std::string_view sector, const Stamp& stamp, std::uint64_t next_sequence);

/// The last sector of `bytes` ends with the tail of a record of this segment.
bool ends_record(std::string_view bytes, const Stamp& stamp);

inline std::string_view payload_of(const RecordHeader& header, std::string_view record) {
  return record.substr(record_header_bytes, header.payload_bytes);
}
/// The views are into `record`, which is whole and a message's.
StoredMessage message_of(const RecordHeader& header, std::string_view record);

}  // namespace qmail::queue_log
