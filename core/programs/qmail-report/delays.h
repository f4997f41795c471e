// How long deliveries took to succeed, as a distribution of fixed size.
#pragma once
#include <array>
#include <cstdint>
#include <string_view>

namespace qmail::report {

class Delays {
 public:
  /// One bar of the distribution: up to so many seconds.
  struct Bar {
    std::string_view label;
    std::int64_t limit_seconds_times_ten;
  };
  static constexpr std::array<Bar, 14> bars{{{"0.1 s", 1},
                                             {"0.2 s", 2},
                                             {"0.5 s", 5},
                                             {"1 s", 10},
                                             {"2 s", 20},
                                             {"5 s", 50},
                                             {"10 s", 100},
                                             {"30 s", 300},
                                             {"1 min", 600},
                                             {"10 min", 6000},
                                             {"1 h", 36000},
                                             {"6 h", 216000},
                                             {"1 day", 864000},
                                             {"more", INT64_MAX}}};

  void add(std::int64_t nanoseconds);
  std::uint64_t count() const { return count_; }
  /// How many deliveries fall into each bar.
  const std::array<std::uint64_t, bars.size()>& counts() const { return bar_counts_; }
  /// So many seconds or less was what `percent` of all took: at most 1/64 too large, and never above
  /// slowest().
  double seconds_within(double percent) const;
  double slowest_seconds() const;

 private:
  /// 64 of equal width between each power of two of microseconds and the next.
  static constexpr std::size_t steps = 64;
  static constexpr std::size_t powers = 42;  // up to two months
  static std::size_t place_of(std::uint64_t microseconds);
  static std::uint64_t end_of(std::size_t place);

  std::array<std::uint64_t, steps * powers> places_{};
  std::array<std::uint64_t, bars.size()> bar_counts_{};
  std::uint64_t count_ = 0;
  std::uint64_t slowest_microseconds_ = 0;
};

}  // namespace qmail::report
