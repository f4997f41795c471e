#include "core/programs/qmail-report/reason.h"

#include <algorithm>

#include "core/format/ip.h"

namespace qmail::report {
namespace {

constexpr std::size_t shortest_long_number = 4;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Without the marks that stand around a word of a sentence.
std::string_view bare(std::string_view word) {
  constexpr std::string_view opening = "([<\"'", closing = ")]>\"'.,:;";
  word.remove_prefix(std::min(word.find_first_not_of(opening), word.size()));
  return word.substr(0, word.find_last_not_of(closing) + 1);
}

std::string without_long_numbers(std::string_view word) {
  std::string general;
  while (!word.empty()) {
    const auto is_number = is_digit(word[0]);
    const auto end = std::find_if(word.begin(), word.end(), [&](char c) { return is_digit(c) != is_number; });
    const auto size = static_cast<std::size_t>(end - word.begin());
    if (is_number && size >= shortest_long_number)
      general += "N";
    else
      general.append(word.substr(0, size));
    word.remove_prefix(size);
  }
  return general;
}

std::string general_word(std::string_view word) {
  const std::string_view name = bare(word);
  if (name.find('@') == std::string_view::npos && !Ip::parse(name)) return without_long_numbers(word);
  const auto at = static_cast<std::size_t>(name.data() - word.data());
  const std::string_view kind = name.find('@') == std::string_view::npos ? "IP" : "ADDRESS";
  return std::string(word.substr(0, at)).append(kind).append(word.substr(at + name.size()));
}

std::string generalize(std::string_view text, std::string_view separators) {
  std::string general;
  for (;;) {
    const std::string_view word = text.substr(0, text.find_first_of(separators));
    general += general_word(word);
    text.remove_prefix(word.size());
    if (text.empty()) return general;
    general += text[0] == '/' ? " / " : " ";
    text.remove_prefix(1);
  }
}

}  // namespace

std::string general_line(std::string_view line) { return generalize(line, " "); }

std::string general_reason(std::string_view report) {
  constexpr std::string_view separators = "_ /";
  return generalize(report.substr(0, report.find_last_not_of(separators) + 1), separators);
}

}  // namespace qmail::report
