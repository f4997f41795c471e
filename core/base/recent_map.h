// A map that forgets what was not asked for lately, so that strangers cannot make it grow.
#pragma once
#include <cstddef>
#include <map>
#include <utility>

namespace qmail {

/// Holds the `most` entries used last, and sometimes up to twice as many.
template <typename Key, typename Value>
class RecentMap {
 public:
  explicit RecentMap(std::size_t most) : most_(most) {}

  /// None if it is not known, or forgotten. Valid until the next call.
  Value* find(const Key& key) {
    if (const auto found = young_.find(key); found != young_.end()) return &found->second;
    const auto found = old_.find(key);
    if (found == old_.end()) return nullptr;
    Value value = std::move(found->second);
    old_.erase(found);
    return &put(key, std::move(value));
  }
  Value& put(const Key& key, Value value) {
    if (young_.size() >= most_) {
      old_ = std::move(young_);
      young_.clear();
    }
    return young_.insert_or_assign(key, std::move(value)).first->second;
  }
  void clear() {
    young_.clear();
    old_.clear();
  }
  std::size_t size() const { return young_.size() + old_.size(); }

 private:
  std::size_t most_;
  std::map<Key, Value> young_;  ///< used since `old_` was
  std::map<Key, Value> old_;
};

}  // namespace qmail
