// What happened when, in as many equal pieces of time as fit a picture.
#pragma once
#include <cstdint>
#include <map>
#include <vector>

namespace qmail::report {

struct Bin {
  std::int64_t start = 0;  ///< seconds since 1970
  std::uint64_t messages = 0, successes = 0, failures = 0, deferrals = 0;
  std::uint64_t deliveries() const { return successes + failures + deferrals; }
};

class Volume {
 public:
  explicit Volume(std::size_t most_bins = 200) : most_bins_(most_bins) {}

  /// The bin of this moment. It is no more there after the next call.
  Bin& at(std::int64_t seconds);
  std::int64_t width_seconds() const { return width_; }
  /// From the first to the last, empty ones too.
  std::vector<Bin> bins() const;
  /// The same in at most `most_bins` bins.
  Volume coarser(std::size_t most_bins) const;

 private:
  void widen();

  std::size_t most_bins_;
  std::int64_t width_ = 60;
  std::map<std::int64_t, Bin> bins_;  ///< by start / width
};

}  // namespace qmail::report
