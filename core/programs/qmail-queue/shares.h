// What the resident qmail-queue lends to whoever connects: a bounded amount, of which nobody gets more than
// is left for all others.
#pragma once
#include <cstddef>
#include <map>
#include <sys/types.h>

namespace qmail::queue {

class Shares {
 public:
  explicit Shares(std::size_t total) : free_(total) {}

  /// True if `uid` may have `amount` more: with it, no more than stays free. So one user alone gets half of
  /// all, the next half of what is left.
  bool has_room(uid_t uid, std::size_t amount) const {
    const auto found = used_.find(uid);
    const std::size_t used = found == used_.end() ? 0 : found->second;
    return amount <= free_ && used + amount <= free_ - amount;
  }
  void take(uid_t uid, std::size_t amount) {
    if (amount == 0) return;
    free_ -= amount;
    used_[uid] += amount;
  }
  void give_back(uid_t uid, std::size_t amount) {
    if (amount == 0) return;
    free_ += amount;
    const auto found = used_.find(uid);
    if ((found->second -= amount) == 0) used_.erase(found);
  }

 private:
  std::size_t free_;
  std::map<uid_t, std::size_t> used_;
};

}  // namespace qmail::queue
