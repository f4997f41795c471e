// When each message is due. qmail-send(8) tells the rule. In memory a message that waits takes 16 bytes for
// each of its channels, and nothing else anywhere.
#pragma once
#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/queue/store.h"

namespace qmail::send {

/// When to try again what was tried at `now`.
std::int64_t next_try(std::int64_t birth, std::int64_t now, queue::Channel channel);

struct Due {
  std::int64_t when;
  queue::Number number;
  bool stored = false;  ///< the store knows this time already
};

/// Messages, the one that is due first in front.
class DueQueue {
 public:
  void insert(const Due& due);
  bool empty() const { return heap_.empty(); }
  std::size_t size() const { return heap_.size(); }
  /// When the first one is due; only if there is one.
  std::int64_t first_time() const { return heap_.front().due().when; }
  Due take_first();
  /// Takes the first one if it is due.
  std::optional<Due> take_due(std::int64_t now);
  void make_all_due(std::int64_t now);
  /// Takes those that `is_wanted`, in no order.
  template <typename IsWanted>
  std::vector<Due> take_if(IsWanted is_wanted) {
    const auto end = std::partition(heap_.begin(), heap_.end(),
                                    [&](const Entry& entry) { return !is_wanted(entry.number); });
    std::vector<Due> taken;
    for (auto entry = end; entry != heap_.end(); ++entry) taken.push_back(entry->due());
    if (taken.empty()) return taken;
    heap_.erase(end, heap_.end());
    std::make_heap(heap_.begin(), heap_.end(), is_later);
    return taken;
  }

 private:
  /// A Due in 16 bytes.
  struct Entry {
    explicit Entry(const Due& due);
    Due due() const;
    std::uint64_t when_and_stored;
    queue::Number number;
  };
  static_assert(sizeof(Entry) == 16);
  static bool is_later(const Entry& a, const Entry& b) { return a.when_and_stored > b.when_and_stored; }

  std::vector<Entry> heap_;
};

/// What is to be tried on one channel. Where deliveries are scarce, new messages go before those that are
/// tried again, but for one in eight.
class Agenda {
 public:
  void insert_new(const Due& due) { fresh_.insert(due); }
  void insert(const Due& due) { again_.insert(due); }
  bool empty() const { return fresh_.empty() && again_.empty(); }
  /// When the first one is due; only if there is one.
  std::int64_t first_time() const;
  std::optional<Due> take_due(std::int64_t now);
  /// Takes any one; only if there is one.
  Due take_any() { return fresh_.empty() ? again_.take_first() : fresh_.take_first(); }
  void make_all_due(std::int64_t now);
  template <typename IsWanted>
  std::vector<Due> take_if(IsWanted is_wanted) {
    std::vector<Due> taken = fresh_.take_if(is_wanted);
    const std::vector<Due> more = again_.take_if(is_wanted);
    taken.insert(taken.end(), more.begin(), more.end());
    return taken;
  }

 private:
  DueQueue fresh_, again_;
  unsigned fresh_in_a_row_ = 0;
};

}  // namespace qmail::send
