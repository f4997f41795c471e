#include "ucspi/tcpserver/name_cache.h"

#include <algorithm>

namespace qmail::ucspi {

std::optional<std::string> NameCache::find(const Ip& ip, Item item) {
  const Entry* const entry = names_.find({ip, item});
  if (entry == nullptr || entry->end <= clock_.now()) return std::nullopt;
  return entry->name;
}

void NameCache::put(const Ip& ip, const Finding& finding) {
  if (finding.ttl == 0) return;
  names_.put({ip, finding.item}, {finding.text, clock_.now() + std::min(finding.ttl, longest_seconds)});
}

}  // namespace qmail::ucspi
