// What is given to qmail-send as memory, so that it stays bounded.
#pragma once
#include <cstddef>
#include <unordered_map>

#include "core/queue/layout.h"

namespace qmail::queue {

class InFlight {
 public:
  explicit InFlight(std::size_t most_bytes) : most_bytes_(most_bytes) {}
  bool has_room(std::size_t bytes) const { return bytes_ + bytes <= most_bytes_; }
  void add(Number id, std::size_t bytes) {
    remove(id);
    bytes_ += bytes;
    sizes_[id] = bytes;
  }
  void remove(Number id) {
    const auto found = sizes_.find(id);
    if (found == sizes_.end()) return;
    bytes_ -= found->second;
    sizes_.erase(found);
  }

 private:
  std::size_t most_bytes_;
  std::size_t bytes_ = 0;
  std::unordered_map<Number, std::size_t> sizes_;
};

}  // namespace qmail::queue
