#include "patches-integrated/bad-lists/bad_list.h"

namespace qmail::features {
namespace {

/// Longer than any address; a HELO name may be longer, and its end is not looked at.
constexpr std::size_t longest_compared = 1000;

}  // namespace

BadList::BadList(const Control& control, std::initializer_list<const char*> files) {
  std::vector<Pattern> bad;
  for (const char* file : files) {
    for (auto& [number, line] : control.numbered_lines(file).value_or(std::vector<ControlLine>())) {
      const bool is_needed = line.starts_with('!');
      auto parsed = Pattern::parse(std::string_view(line).substr(is_needed ? 1 : 0));
      if (const auto* problem = std::get_if<Pattern::Problem>(&parsed)) {
        control.complain({file, number, "left out: it has " + std::string(*problem)});
        continue;
      }
      auto& pattern = std::get<Pattern>(parsed);
      if (is_needed) {
        needed_.emplace_back(lines_.size(), std::move(pattern));
      } else {
        bad_lines_.push_back(lines_.size());
        bad.push_back(std::move(pattern));
      }
      lines_.push_back(std::move(line));
    }
  }
  bad_ = PatternList(std::move(bad));
}

std::optional<std::string_view> BadList::find(std::string_view text) const {
  text = text.substr(0, longest_compared);
  std::size_t first = lines_.size();
  if (const auto found = bad_.find(text)) first = bad_lines_[*found];
  for (const auto& [line, pattern] : needed_) {
    if (line > first) break;
    if (!pattern.matches(text)) first = line;
  }
  return first < lines_.size() ? std::optional<std::string_view>(lines_[first]) : std::nullopt;
}

}  // namespace qmail::features
