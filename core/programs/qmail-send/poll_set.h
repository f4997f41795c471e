// The descriptors and the time that one round of qmail-send waits for.
#pragma once
#include <algorithm>
#include <cstdint>
#include <poll.h>
#include <vector>

namespace qmail::send {

class PollSet {
 public:
  explicit PollSet(std::int64_t latest) : until_(latest) {}

  void add(int fd, short events) { entries_.push_back({fd, events, 0}); }
  /// Wait no longer than to this moment.
  void until(std::int64_t moment) { until_ = std::min(until_, moment); }
  void at_once() { until_ = 0; }

  /// Waits from `now` on, with every signal let in. False if interrupted or impossible: see errno.
  bool wait(std::int64_t now);
  /// True if what was waited for with `fd` has come.
  bool is_ready(int fd) const;

 private:
  std::int64_t until_;
  std::vector<pollfd> entries_;
};

}  // namespace qmail::send
