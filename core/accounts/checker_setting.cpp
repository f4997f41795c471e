#include "core/accounts/checker_setting.h"

#include <algorithm>

#include "core/base/text.h"

namespace qmail::accounts {

std::optional<std::vector<std::string>> read_checker(const Control& control) {
  std::string line = control.line("checkpassword").value_or("");
  std::replace(line.begin(), line.end(), '\t', ' ');
  std::vector<std::string> words;
  for (const std::string_view word : split(line, ' '))
    if (!word.empty()) words.emplace_back(word);
  if (words.empty()) return std::nullopt;
  return words;
}

}  // namespace qmail::accounts
