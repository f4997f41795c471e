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

std::vector<std::string> behind_checker(const std::vector<std::string>& program,
                                        const std::vector<std::string>& checker) {
  const auto [mine, its] = std::mismatch(program.begin(), program.end(), checker.begin(), checker.end());
  if (its != checker.end()) return {};
  return {mine, program.end()};
}

bool knows_scram(const std::vector<std::string>& checker) {
  const std::string& path = checker.front();
  return path.substr(path.rfind('/') + 1) == "checkvida";
}

}  // namespace qmail::accounts
