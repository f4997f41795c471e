// When each message is due. qmail-send(8) tells the rule. In memory a message takes 16 bytes for each of
// its channels.
#pragma once
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
};

/// Messages, the one that is due first in front.
class DueQueue {
 public:
  void insert(const Due& due);
  bool empty() const { return heap_.empty(); }
  /// When the first one is due; only if there is one.
  std::int64_t first_time() const { return heap_.front().when; }
  Due take_first();
  /// Takes the first one if it is due.
  std::optional<Due> take_due(std::int64_t now);
  void make_all_due(std::int64_t now);

 private:
  std::vector<Due> heap_;
};

}  // namespace qmail::send
