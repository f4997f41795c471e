#include "core/log/activity/table.h"

#include <algorithm>

#include "core/log/activity/record.h"
#include "core/log/activity/words.h"

namespace qmail::activity {
namespace {

std::string_view take_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(line.size() + 1, text.size()));
  return line;
}

std::vector<std::size_t> widths_of(std::string_view text) {
  std::vector<std::size_t> widths;
  while (!text.empty()) {
    std::string_view line = take_line(text);
    std::size_t column = 0;
    for (std::string_view word; !(word = take_word(line)).empty(); ++column) {
      if (column == widths.size()) widths.push_back(0);
      widths[column] = std::max(widths[column], word.size());
    }
  }
  return widths;
}

/// What stands behind the first `count` words.
std::string_view behind_words(std::string_view line, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) take_word(line);
  return line;
}

}  // namespace

std::string align_columns(std::string_view text) {
  const std::vector<std::size_t> widths = widths_of(text);
  std::string aligned;
  while (!text.empty()) {
    std::string_view line = take_line(text);
    std::size_t column = 0;
    for (std::string_view word; !(word = take_word(line)).empty(); ++column) {
      const bool is_last = column + 1 == widths.size();
      if (!is_last) aligned.append(widths[column] - word.size(), ' ');
      aligned.append(word).append(is_last ? "" : "  ");
    }
    aligned += '\n';
  }
  return aligned;
}

std::string SortedTable::text() {
  std::sort(lines_.begin(), lines_.end(), [&](const std::string& a, const std::string& b) {
    const std::string_view key_a = behind_words(a, column_ - 1), key_b = behind_words(b, column_ - 1);
    if (order_ == Order::by_number) {
      std::string_view word_a = key_a, word_b = key_b;
      const double number_a = number_of(take_word(word_a)), number_b = number_of(take_word(word_b));
      return number_a != number_b ? number_a < number_b : a < b;
    }
    return key_a != key_b ? key_a < key_b : a < b;
  });
  std::string all = headings_ + "\n";
  for (const std::string& line : lines_) all += line + "\n";
  return align_columns(all);
}

}  // namespace qmail::activity
