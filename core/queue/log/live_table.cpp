#include "core/queue/log/live_table.h"

namespace qmail::queue_log {
namespace {

constexpr std::size_t smallest = 64;
/// 2^64 divided by the golden ratio: inode numbers that follow each other are spread over all slots.
constexpr std::uint64_t spread = 0x9e3779b97f4a7c15;
constexpr unsigned half_of_bits = 32;

}  // namespace

std::size_t LiveTable::home_of(queue::Number id) const {
  return (id * spread >> half_of_bits) & (slots_.size() - 1);
}

/// Where it is, or the empty slot where it would go.
std::size_t LiveTable::slot_of(queue::Number id) const {
  std::size_t slot = home_of(id);
  while (slots_[slot].id != 0 && slots_[slot].id != id) slot = (slot + 1) & (slots_.size() - 1);
  return slot;
}

LiveEntry* LiveTable::find(queue::Number id) {
  if (size_ == 0 || id == 0) return nullptr;
  LiveEntry& entry = slots_[slot_of(id)];
  return entry.id == id ? &entry : nullptr;
}

void LiveTable::put(const LiveEntry& entry) {
  if ((size_ + 1) * 4 > slots_.size() * 3) grow();
  LiveEntry& slot = slots_[slot_of(entry.id)];
  if (slot.id == 0) ++size_;
  slot = entry;
}

void LiveTable::remove(queue::Number id) {
  if (find(id) == nullptr) return;
  const std::size_t mask = slots_.size() - 1;
  std::size_t hole = slot_of(id);
  // What stands behind it may have come to stand there because this slot was taken: close ranks.
  for (std::size_t next = (hole + 1) & mask; slots_[next].id != 0; next = (next + 1) & mask) {
    const std::size_t home = home_of(slots_[next].id);
    if (((next - home) & mask) < ((next - hole) & mask)) continue;
    slots_[hole] = slots_[next];
    hole = next;
  }
  slots_[hole] = {};
  --size_;
}

void LiveTable::grow() {
  std::vector<LiveEntry> before(slots_.empty() ? smallest : slots_.size() * 2);
  before.swap(slots_);
  for (const LiveEntry& entry : before)
    if (entry.id != 0) slots_[slot_of(entry.id)] = entry;
}

}  // namespace qmail::queue_log
