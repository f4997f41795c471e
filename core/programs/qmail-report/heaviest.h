// The heaviest of any number of keys, in bounded memory: exact until there are too many, close after that.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace qmail::report {

/// What is added up for one key.
struct Sums {
  std::uint64_t messages = 0, bytes = 0;
  std::uint64_t successes = 0, failures = 0, deferrals = 0;
  std::int64_t nanoseconds = 0;

  std::uint64_t deliveries() const { return successes + failures + deferrals; }
  Sums& operator+=(const Sums& more);
};

struct Heavy {
  std::string key;
  std::uint64_t weight = 0;  ///< at least what was added, and too large by excess() at most
  Sums sums = {};            ///< since the key was last taken in
};

/// When it is full, the lighter half of the keys goes. A key that comes after that begins with the weight of
/// the heaviest that ever went, which it may have been. So no key heavier than excess() is missing, and
/// excess() is at most the sum of all weights divided by half the capacity.
class Heaviest {
 public:
  static constexpr std::size_t default_capacity = 16384;
  static constexpr std::size_t longest_key = 255;
  explicit Heaviest(std::size_t capacity = default_capacity) : capacity_(capacity) {}

  /// Keys are cut off behind longest_key.
  void add(std::string_view key, std::uint64_t weight, const Sums& sums);
  /// At most `most`, the heaviest first.
  std::vector<Heavy> top(std::size_t most) const;
  /// 0: everything is exact.
  std::uint64_t excess() const { return excess_; }

 private:
  struct Entry {
    std::uint64_t weight;
    Sums sums;
  };
  void make_room();

  std::size_t capacity_;
  std::uint64_t excess_ = 0;
  std::unordered_map<std::string, Entry> entries_;
};

}  // namespace qmail::report
