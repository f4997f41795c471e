#include "core/programs/qmail-report/volume.h"

#include <algorithm>
#include <array>

namespace qmail::report {
namespace {

/// Each a multiple of the one before.
constexpr std::array<std::int64_t, 9> round_widths{60, 300, 600, 1800, 3600, 10800, 21600, 43200, 86400};

std::int64_t next_width(std::int64_t width) {
  const auto next = std::upper_bound(round_widths.begin(), round_widths.end(), width);
  return next == round_widths.end() ? width * 2 : *next;
}

void add(Bin& sum, const Bin& more) {
  sum.messages += more.messages;
  sum.successes += more.successes;
  sum.failures += more.failures;
  sum.deferrals += more.deferrals;
}

}  // namespace

Bin& Volume::at(std::int64_t seconds) {
  const auto bins_up_to = [&] {
    if (bins_.empty()) return std::int64_t{1};
    const std::int64_t first = std::min(bins_.begin()->first, seconds / width_);
    return std::max(bins_.rbegin()->first, seconds / width_) - first + 1;
  };
  while (bins_up_to() > static_cast<std::int64_t>(most_bins_)) widen();
  return bins_[seconds / width_];
}

void Volume::widen() {
  const std::int64_t factor = next_width(width_) / width_;
  std::map<std::int64_t, Bin> wider;
  for (const auto& [place, bin] : bins_) add(wider[place / factor], bin);
  bins_ = std::move(wider);
  width_ *= factor;
}

std::vector<Bin> Volume::bins() const {
  std::vector<Bin> all;
  if (bins_.empty()) return all;
  for (std::int64_t place = bins_.begin()->first; place <= bins_.rbegin()->first; ++place) {
    const auto found = bins_.find(place);
    all.push_back(found == bins_.end() ? Bin{} : found->second);
    all.back().start = place * width_;
  }
  return all;
}

Volume Volume::coarser(std::size_t most_bins) const {
  Volume other = *this;
  other.most_bins_ = most_bins;
  if (!bins_.empty()) other.at(bins_.begin()->first * width_);
  return other;
}

}  // namespace qmail::report
