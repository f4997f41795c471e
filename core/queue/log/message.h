// What the queue's log keeps of a message, and where. docs/internals/queue.md.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <sys/types.h>

#include "core/queue/layout.h"

namespace qmail::queue_log {

using queue::Number;

/// 16 MB: some 3,000 messages of 4 KB.
inline constexpr std::uint32_t usual_segment_bytes = 16U << 20;

/// Where a message comes from, as the records `u` and `p` of todo and the time of info have it.
struct Origin {
  std::int64_t birth = 0;
  std::uint64_t qp = 0;
  uid_t uid = 0;
};

/// One to append. The bytes that the views show must stay until the commit() behind append() has returned:
/// they are written from where they are.
struct Message {
  Origin origin{};
  std::string_view envelope;               ///< F sender NUL, then T recipient NUL for each, as in todo
  std::span<const std::string_view> body;  ///< its pieces in order, the Received line being the first
};

/// One that was read back. The views are into the buffer it was read into.
struct StoredMessage {
  Origin origin{};
  std::string_view envelope;
  std::string_view body;
};

/// What became of one recipient, counted from 0 in the order of the envelope.
struct Outcome {
  std::uint32_t index = 0;
  char kind = 'K';  ///< K: delivered, D: never will be
  std::string text{};
};

/// Where the record of a message is. Plain values, so that it can be sent to another process.
struct Place {
  Number id = 0;
  std::uint64_t generation = 0;  ///< of the segment, when the record was written
  std::uint32_t segment = 0;     ///< its number
  std::uint32_t sector = 0;      ///< where in it the record starts
  std::uint32_t envelope_bytes = 0;
  std::uint32_t body_bytes = 0;
};

}  // namespace qmail::queue_log
