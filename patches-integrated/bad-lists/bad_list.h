// One list of expressions, from one or several control files. An expression refuses what matches it; behind a
// '!', what does not.
#pragma once
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/control/control.h"
#include "core/format/pattern_list.h"

namespace qmail::features {

class BadList {
 public:
  BadList() = default;
  /// Of those `files` that exist. A line that is no expression is left out, with a complaint. Throws Failure.
  BadList(const Control& control, std::initializer_list<const char*> files);

  bool empty() const { return lines_.empty(); }
  /// The first line that refuses `text`.
  std::optional<std::string_view> find(std::string_view text) const;

 private:
  std::vector<std::string> lines_;
  PatternList bad_;
  std::vector<std::size_t> bad_lines_;  ///< where in `lines_` each of `bad_` stands
  std::vector<std::pair<std::size_t, Pattern>> needed_;
};

}  // namespace qmail::features
