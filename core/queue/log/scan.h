// Reading the log's live messages without owning it: for qmail-qread, qmail-qstat and whoever looks on while
// the resident qmail-queue writes. docs/internals/queue.md.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/queue/log/message.h"

namespace qmail::queue_log {

struct LiveMessage {
  Place place;
  Origin origin{};
  std::string envelope;  ///< F sender NUL, then T recipient NUL for each
  std::vector<Outcome> outcomes{};
};

/// The live messages, oldest first; none where there is no log. While somebody writes, one that ends or
/// arrives meanwhile may or may not be among them. Throws Failure if a file cannot be read.
std::vector<LiveMessage> live_messages(const queue::Layout& layout);

/// Reads a message back from its place, checked, with `buffer` for its bytes. None if it is not there any
/// more, or damaged, or cannot be read.
std::optional<StoredMessage> read_message(const queue::Layout& layout, const Place& place,
                                          std::string& buffer);

}  // namespace qmail::queue_log
