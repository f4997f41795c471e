#include "core/programs/qmail-report/delays.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace qmail::report {
namespace {

constexpr double microsecond = 1e-6;

}  // namespace

std::size_t Delays::place_of(std::uint64_t microseconds) {
  if (microseconds < steps) return microseconds;
  const auto shift = static_cast<std::size_t>(std::bit_width(microseconds)) - std::bit_width(steps);
  return std::min(shift * steps + (microseconds >> shift), steps * powers - 1);
}

std::uint64_t Delays::end_of(std::size_t place) {
  if (place < 2 * steps) return place + 1;
  const std::size_t shift = place / steps - 1;
  return std::uint64_t{place % steps + steps + 1} << shift;
}

void Delays::add(std::int64_t nanoseconds) {
  // Clocks are set back.
  const auto microseconds = static_cast<std::uint64_t>(std::max<std::int64_t>(nanoseconds, 0)) / 1000;
  ++places_[place_of(microseconds)];
  constexpr std::uint64_t tenth = 100'000;
  const auto bar = std::find_if(bars.begin(), bars.end() - 1, [&](const Bar& one) {
    return microseconds <= static_cast<std::uint64_t>(one.limit_seconds_times_ten) * tenth;
  });
  ++bar_counts_[static_cast<std::size_t>(bar - bars.begin())];
  ++count_;
  slowest_microseconds_ = std::max(slowest_microseconds_, microseconds);
}

double Delays::seconds_within(double percent) const {
  const auto wanted = static_cast<std::uint64_t>(std::ceil(static_cast<double>(count_) * percent / 100));
  std::uint64_t seen = 0;
  for (std::size_t place = 0; place < places_.size(); ++place) {
    seen += places_[place];
    if (seen >= wanted && seen > 0)
      return std::min(static_cast<double>(end_of(place)) * microsecond, slowest_seconds());
  }
  return 0;
}

double Delays::slowest_seconds() const { return static_cast<double>(slowest_microseconds_) * microsecond; }

}  // namespace qmail::report
