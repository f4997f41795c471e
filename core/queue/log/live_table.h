// The live messages of the log by number: one flat array of small entries, so that a million of them costs
// tens of megabytes and finding one costs no more than finding one of ten.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/queue/layout.h"

namespace qmail::queue_log {

struct LiveEntry {
  queue::Number id = 0;  ///< 0: nothing here; no inode has that number
  std::uint32_t segment = 0;
  std::uint32_t sector = 0;
  std::uint32_t envelope_bytes = 0;
  std::uint32_t body_bytes = 0;
  bool placed = false;  ///< its spare is its mess file
};

class LiveTable {
 public:
  /// Null if there is none. Good until the next change of the table.
  LiveEntry* find(queue::Number id);
  const LiveEntry* find(queue::Number id) const { return const_cast<LiveTable*>(this)->find(id); }
  /// Adds it, or takes its place.
  void put(const LiveEntry& entry);
  void remove(queue::Number id);
  std::size_t size() const { return size_; }

  template <typename Visit>
  void for_each(Visit visit) const {
    for (const LiveEntry& entry : slots_)
      if (entry.id != 0) visit(entry);
  }

 private:
  std::size_t home_of(queue::Number id) const;
  std::size_t slot_of(queue::Number id) const;
  void grow();

  std::vector<LiveEntry> slots_;  ///< their count is a power of two, and a quarter of them is empty
  std::size_t size_ = 0;
};

}  // namespace qmail::queue_log
