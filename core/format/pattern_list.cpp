#include "core/format/pattern_list.h"

#include <algorithm>
#include <string>

#include "core/base/text.h"

namespace qmail {
namespace {

constexpr std::size_t key_size = 3;

std::uint32_t key_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return std::uint32_t{static_cast<unsigned char>(text[at + i])}; };
  return byte(0) << 16 | byte(1) << 8 | byte(2);
}

template <typename Visit>
void each_key(std::string_view text, Visit visit) {
  for (std::size_t at = 0; at + key_size <= text.size(); ++at) visit(key_at(text, at));
}

/// How often keys come up, as far as a small table can tell.
class Tally {
 public:
  std::uint32_t& operator[](std::uint32_t key) { return counts_[(key ^ key >> 7) % counts_.size()]; }

 private:
  std::vector<std::uint32_t> counts_ = std::vector<std::uint32_t>(std::size_t{1} << 14);
};

}  // namespace

PatternList::PatternList(std::vector<Pattern> patterns) : patterns_(std::move(patterns)) {
  // Of a pattern's keys the one that the fewest share: nearly every address has ".co".
  Tally tally;
  for (const Pattern& pattern : patterns_)
    each_key(pattern.needle(), [&](std::uint32_t key) { ++tally[key]; });
  for (std::uint32_t i = 0; i < patterns_.size(); ++i) {
    std::optional<std::uint32_t> rarest;
    each_key(patterns_[i].needle(), [&](std::uint32_t key) {
      if (!rarest || tally[key] < tally[*rarest]) rarest = key;
    });
    if (rarest)
      by_key_.emplace_back(*rarest, i);
    else
      without_key_.push_back(i);
  }
  std::sort(by_key_.begin(), by_key_.end());
}

std::optional<std::size_t> PatternList::find(std::string_view text) const {
  const std::string lowered = lower(text);
  std::vector<std::uint32_t> candidates = without_key_;
  std::vector<std::uint32_t> keys;
  each_key(lowered, [&](std::uint32_t key) { keys.push_back(key); });
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  for (const std::uint32_t key : keys) {
    auto place = std::lower_bound(by_key_.begin(), by_key_.end(), std::pair{key, std::uint32_t{0}});
    for (; place != by_key_.end() && place->first == key; ++place) candidates.push_back(place->second);
  }
  std::sort(candidates.begin(), candidates.end());
  for (const std::uint32_t candidate : candidates) {
    const Pattern& pattern = patterns_[candidate];
    if (lowered.find(pattern.needle()) != std::string::npos && pattern.matches(text)) return candidate;
  }
  return std::nullopt;
}

}  // namespace qmail
