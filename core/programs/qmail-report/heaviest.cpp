#include "core/programs/qmail-report/heaviest.h"

#include <algorithm>

namespace qmail::report {

Sums& Sums::operator+=(const Sums& more) {
  messages += more.messages;
  bytes += more.bytes;
  successes += more.successes;
  failures += more.failures;
  deferrals += more.deferrals;
  nanoseconds += more.nanoseconds;
  return *this;
}

void Heaviest::add(std::string_view key, std::uint64_t weight, const Sums& sums) {
  std::string name(key.substr(0, longest_key));
  auto found = entries_.find(name);
  if (found == entries_.end()) {
    if (entries_.size() >= capacity_) make_room();
    found = entries_.emplace(std::move(name), Entry{excess_, {}}).first;
  }
  found->second.weight += weight;
  found->second.sums += sums;
}

void Heaviest::make_room() {
  std::vector<std::uint64_t> weights;
  for (const auto& [key, entry] : entries_) weights.push_back(entry.weight);
  const auto middle = weights.begin() + static_cast<std::ptrdiff_t>(weights.size() / 2);
  std::nth_element(weights.begin(), middle, weights.end());
  excess_ = std::max(excess_, *middle);
  std::erase_if(entries_, [&](const auto& one) { return one.second.weight <= excess_; });
}

std::vector<Heavy> Heaviest::top(std::size_t most) const {
  std::vector<Heavy> all;
  for (const auto& [key, entry] : entries_) all.push_back({key, entry.weight, entry.sums});
  const auto end = all.begin() + static_cast<std::ptrdiff_t>(std::min(most, all.size()));
  std::partial_sort(all.begin(), end, all.end(), [](const Heavy& a, const Heavy& b) {
    return a.weight != b.weight ? a.weight > b.weight : a.key < b.key;
  });
  all.erase(end, all.end());
  return all;
}

}  // namespace qmail::report
