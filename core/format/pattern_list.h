// Many patterns at once: most of a long list is passed over, because something that all its matches hold is
// not in the text. Pure, like everything of this layer.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "core/format/pattern.h"

namespace qmail {

class PatternList {
 public:
  PatternList() = default;
  explicit PatternList(std::vector<Pattern> patterns);

  /// The first that matches.
  std::optional<std::size_t> find(std::string_view text) const;

 private:
  std::vector<Pattern> patterns_;
  /// By three bytes that a match holds, in order: the patterns that must hold them.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> by_key_;
  std::vector<std::uint32_t> without_key_;
};

}  // namespace qmail
