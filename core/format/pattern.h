// Regular expressions as qmail's lists use them: POSIX extended ones (regex(7)), in any case of letters,
// matched anywhere in a text. Time is bounded by length of text times size of expression, and memory by the
// size of the expression, whatever either of them is: there is no backtracking and are no back-references.
#pragma once
#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace qmail {

class Pattern {
 public:
  /// What is wrong with an expression, in words.
  using Problem = std::string_view;
  static std::variant<Pattern, Problem> parse(std::string_view expression);

  bool matches(std::string_view text) const;
  /// Some text, in lower case, that whatever matches holds; empty: none is known.
  const std::string& needle() const { return needle_; }

 private:
  friend class PatternParser;
  friend class PatternRun;
  enum class Step : std::uint8_t { byte, any_of, fork, go_on, at_start, at_end, found };
  /// byte: `x`, a letter in lower case. any_of: set `x`. fork: to two others, `x` and `y` behind this one.
  /// go_on: to one. As nothing names its place, any part of a program can be moved and copied.
  struct Instruction {
    Step step;
    std::int16_t x = 0, y = 0;
  };
  using Set = std::bitset<256>;

  std::vector<Instruction> program_;
  std::vector<Set> sets_;
  std::string needle_;
};

}  // namespace qmail
