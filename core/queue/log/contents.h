// What the files of the log hold, taken together: which messages are live, and what was found damaged.
// docs/internals/queue.md.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "core/queue/log/live_table.h"
#include "core/queue/log/segment.h"
#include "core/queue/log/walk.h"

namespace qmail::queue_log {

/// Part of a segment where records were, or should be, and are not.
struct Finding {
  std::uint32_t segment = 0;
  Stamp stamp{};
  std::size_t start = 0;
  std::string bytes{};
  /// It was durable once, as far as can be known; else it was being written when the machine stopped.
  bool is_damage = false;
  /// The sequence of the whole record behind it, if there is one.
  std::optional<std::uint64_t> after{};
};

struct Contents {
  std::map<std::uint32_t, Segment> segments;
  std::vector<std::uint32_t> used;  ///< that have records, oldest first
  std::vector<std::uint32_t> free;  ///< that have none, in order of their generation
  LiveTable live;
  std::unordered_map<Number, std::vector<Outcome>> outcomes;  ///< of live messages
  std::uint64_t last_sequence = 0;
  std::uint64_t last_generation = 0;
  std::size_t end = 0;  ///< behind the last record of the last segment used
  std::vector<Finding> findings;
};

/// Why something could not be done with `name` in the queue; of errno.
std::string reason(const std::string& what, const std::string& name);
/// Where the record of a live message is.
Place place_of(const LiveEntry& entry, const Segment& segment);
/// The live messages that came first, at most `most`, in that order.
std::vector<Number> oldest_of(const LiveTable& live, const std::map<std::uint32_t, Segment>& segments,
                              std::size_t most);

/// Reads the log with these flags of open(2). A reason if it cannot be read.
std::variant<Contents, std::string> read_contents(const queue::Layout& layout, int flags);

}  // namespace qmail::queue_log
