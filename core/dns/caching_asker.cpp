#include "core/dns/caching_asker.h"

#include <algorithm>

namespace qmail::dns {
namespace {

std::size_t record_bytes(const Lookup& lookup) {
  std::size_t bytes = 0;
  for (const Record& record : lookup.records)
    bytes += sizeof record + record.owner.size() + record.text.size();
  return bytes;
}

}  // namespace

void CachingAsker::ask(std::span<const Question> questions, const TakeLookup& take) {
  std::vector<Question> unknown;
  std::vector<std::size_t> places;
  for (std::size_t at = 0; at < questions.size(); ++at) {
    if (const Lookup* known = find(questions[at])) {
      if (!take(at, *known)) return;
    } else {
      unknown.push_back(questions[at]);
      places.push_back(at);
    }
  }
  if (unknown.empty()) return;
  next_.ask(unknown, [&](std::size_t which, const Lookup& lookup) {
    keep(unknown[which], lookup);
    return take(places[which], lookup);
  });
}

const Lookup* CachingAsker::find(const Question& question) {
  const auto known = kept_.find(question);
  if (known == kept_.end()) return nullptr;
  if (known->second.is_good_at(clock_.now())) return &known->second.lookup;
  kept_.erase(known);
  return nullptr;
}

void CachingAsker::keep(const Question& question, const Lookup& lookup) {
  if (lookup.outcome == Outcome::failed || lookup.ttl == 0 || record_bytes(lookup) > largest_kept) return;
  if (kept_.size() >= most_kept) make_room();
  const std::int64_t now = clock_.now();
  kept_.insert_or_assign(question, Kept{lookup, now, now + std::min(lookup.ttl, longest_ttl)});
}

void CachingAsker::make_room() {
  const auto ends_first = [](const auto& a, const auto& b) { return a.second.until < b.second.until; };
  kept_.erase(std::min_element(kept_.begin(), kept_.end(), ends_first));
}

}  // namespace qmail::dns
