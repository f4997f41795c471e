// The words of a line, divided by blanks and tabs.
#pragma once
#include <algorithm>
#include <string_view>

namespace qmail::activity {

/// Takes the next word off the front of `text`; empty at its end.
inline std::string_view take_word(std::string_view& text) {
  constexpr std::string_view blanks = " \t";
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  const std::string_view word = text.substr(0, text.find_first_of(blanks));
  text.remove_prefix(word.size());
  return word;
}

}  // namespace qmail::activity
