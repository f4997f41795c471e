// The numbers the log may give to messages: those of empty files in the folder of spares, which nobody else
// can get as long as the files are there.
#pragma once
#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "core/queue/layout.h"

namespace qmail::queue_log {

class Spares {
 public:
  bool empty() const { return free_.empty(); }
  /// Only if there is one.
  queue::Number lend() {
    const queue::Number number = free_.back();
    free_.pop_back();
    // Once all are out there are too few of them.
    if (free_.empty()) enough_ = std::min(enough_ * 2, most);
    return number;
  }
  void give_back(queue::Number number) { free_.push_back(number); }

  /// How many to make; asked for once, until they are added.
  std::size_t wanted() {
    if (asked_ || free_.size() >= enough_ / 2) return 0;
    asked_ = true;
    return std::min(enough_ - free_.size(), most_at_once);
  }
  void add(std::span<const queue::Number> numbers) {
    asked_ = false;
    free_.insert(free_.end(), numbers.begin(), numbers.end());
  }

 private:
  static constexpr std::size_t most = 65536;
  static constexpr std::size_t most_at_once = 1024;  ///< messages wait for them

  std::vector<queue::Number> free_;
  std::size_t enough_ = 256;
  bool asked_ = false;
};

}  // namespace qmail::queue_log
