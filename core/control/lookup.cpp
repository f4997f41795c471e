#include "core/control/lookup.h"

namespace qmail {

NoCaseMap NoCaseMap::of_lines(const std::vector<std::string>& lines) {
  NoCaseMap map;
  for (const std::string& line : lines) map.values_[lower(line)] = "";
  return map;
}

NoCaseMap NoCaseMap::of_pairs(const std::vector<std::string>& lines) {
  NoCaseMap map;
  for (const std::string& line : lines) {
    const std::size_t colon = line.find(':');
    if (colon != std::string::npos) map.values_[lower(line.substr(0, colon))] = line.substr(colon + 1);
  }
  return map;
}

std::optional<std::string_view> NoCaseMap::find(std::string_view key) const {
  const auto found = values_.find(lower(key));
  return found == values_.end() ? std::nullopt : std::optional<std::string_view>(found->second);
}

}  // namespace qmail
