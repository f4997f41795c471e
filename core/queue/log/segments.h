// The segments as their owner keeps them: those with records, oldest first, the last being the one that is
// written to; and those that are free. docs/internals/queue.md.
#pragma once
#include <deque>
#include <map>
#include <optional>

#include "core/queue/log/contents.h"

namespace qmail::queue_log {

class Segments {
 public:
  Segments(const queue::Layout& layout, std::size_t most) : layout_(layout), most_(most) {}

  /// What the log was found to consist of. Segments never used before are taken into use.
  void take(Contents& contents);

  /// Null if there is none yet.
  Segment* active() { return used_.empty() ? nullptr : &at(used_.back()); }
  Segment& at(std::uint32_t number) { return segments_.at(number); }
  const Segment& at(std::uint32_t number) const { return segments_.at(number); }
  const std::map<std::uint32_t, Segment>& all() const { return segments_; }
  std::size_t free_count() const { return free_.size(); }
  /// The next to become the active one could take so much.
  bool next_has_room(std::size_t bytes) const {
    return !free_.empty() && at(free_.front()).has_room_at(page_bytes, bytes);
  }

  /// A free one becomes the active one; false if there is none.
  bool advance();
  /// Makes free what has nothing but records that have ended, oldest first. The active one is left alone.
  void recycle();
  /// Gives up the active one: the one used before it is the active one again.
  void discard_active();
  /// Gives up the one used before the active one. False, with errno set, if its name could not be removed.
  bool discard_last_but_active();

  /// The number of a segment to make, once.
  std::optional<std::uint32_t> wanted();
  void add(std::uint32_t number);
  void not_made(std::uint32_t number);
  /// Fewer are free than should be, and no more are to be had. `may_make`: the disk has room for another.
  bool are_short(bool may_make) const;
  /// The oldest with records, unless that is the active one.
  const Segment* oldest() const { return used_.size() > 1 ? &at(used_.front()) : nullptr; }

 private:
  /// How many should be free.
  std::size_t enough() const { return 2 + used_.size() / 4; }
  bool take_into_use(Segment& segment);
  bool remove(std::uint32_t number);

  const queue::Layout& layout_;
  std::size_t most_;
  std::map<std::uint32_t, Segment> segments_;
  std::deque<std::uint32_t> used_, free_;
  std::uint64_t last_generation_ = 0;
  std::optional<std::uint32_t> being_made_;
  bool making_failed_ = false;  ///< the last time
};

}  // namespace qmail::queue_log
