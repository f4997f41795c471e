// What one round of an event loop waits for. Signals that are blocked otherwise are let in while it waits.
#pragma once
#include <algorithm>
#include <cstddef>
#include <optional>
#include <poll.h>
#include <vector>

namespace qmail {

class PollSet {
 public:
  /// `fd` may be -1: nothing then. Where to ask for it afterwards.
  std::size_t add(int fd, short events = POLLIN) {
    entries_.push_back({fd, events, 0});
    return entries_.size() - 1;
  }
  /// Waits no longer than that.
  void within(int milliseconds) { timeout_ = std::min(timeout_.value_or(milliseconds), milliseconds); }

  /// Interrupted by a signal, nothing is ready.
  void wait();
  bool is_ready(std::size_t at) const { return at < entries_.size() && entries_[at].revents != 0; }

 private:
  std::vector<pollfd> entries_;
  std::optional<int> timeout_;
};

/// What is_ready() never finds: for what is not waited for.
inline constexpr std::size_t not_polled = static_cast<std::size_t>(-1);

}  // namespace qmail
