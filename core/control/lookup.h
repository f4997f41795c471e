// Looking things up in control files, the way every qmail does: without regard to case.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/text.h"

namespace qmail {

/// A set of lines, or the keys and values of "key:value" lines. Of two lines with one key the later counts.
class NoCaseMap {
 public:
  /// Each line is a key; its value is empty.
  static NoCaseMap of_lines(const std::vector<std::string>& lines);
  /// The key is what stands before the first ':'; lines without one are dropped.
  static NoCaseMap of_pairs(const std::vector<std::string>& lines);

  bool contains(std::string_view key) const { return find(key).has_value(); }
  std::optional<std::string_view> find(std::string_view key) const;
  bool empty() const { return values_.empty(); }

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

/// The suffix rule of rcpthosts, smtproutes and virtualdomains: asks `find` for the whole of `host`, then for
/// each part of it that starts with a dot, left to right, then for the empty text; the first answer counts.
template <typename Find>
auto find_by_suffix(std::string_view host, Find find) -> decltype(find(host)) {
  for (std::size_t at = 0; at <= host.size(); ++at)
    if (at == 0 || at == host.size() || host[at] == '.')
      if (auto found = find(host.substr(at))) return found;
  return {};
}

}  // namespace qmail
