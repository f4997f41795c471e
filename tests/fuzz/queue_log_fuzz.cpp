// fuzzes: qmail_queue_log
// A walk through any bytes ends, finds only records that are whole, each behind the one before, and gaps
// between them.
#include <cstdint>
#include <cstdlib>

#include "core/queue/log/walk.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace qmail::queue_log;
  const std::string_view segment(reinterpret_cast<const char*>(data), size);
  const auto read = parse_segment_header(segment, 3);
  const Stamp stamp = read.value_or(Stamp{.generation = 7, .secret = 0x1122334455667788});
  SegmentWalk walk(segment, stamp);
  std::size_t end = 0;
  while (const auto record = walk.next()) {
    if (record->start < end || record->header.stamp != stamp) std::abort();
    if (!is_whole(record->header, segment.substr(record->start))) std::abort();
    if (record->header.kind == Kind::message) {
      const StoredMessage message = message_of(record->header, record->bytes);
      if (message.envelope.size() + message.body.size() != record->header.payload_bytes) std::abort();
    }
    end = record->start + record->bytes.size();
  }
  if (walk.end() < end) std::abort();
  for (const Gap& gap : walk.gaps())
    for (const Broken& broken : gap.broken)
      if (gap.start > broken.start || broken.start >= broken.end || broken.end > gap.end) std::abort();
  return 0;
}
