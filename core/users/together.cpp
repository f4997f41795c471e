#include "core/users/together.h"

namespace qmail::users {
namespace {

constexpr unsigned char not_made = 255;

}  // namespace

std::string outcome_bytes(const std::vector<LocalOutcome>& outcomes) {
  std::string bytes;
  for (const LocalOutcome& outcome : outcomes) {
    bytes += static_cast<char>(outcome.exit_code.value_or(not_made));
    bytes.append(outcome.output, 0, outcome.output.find('\0')) += '\0';
  }
  return bytes;
}

std::optional<std::vector<LocalOutcome>> parse_outcomes(std::string_view bytes, std::size_t count) {
  std::vector<LocalOutcome> outcomes;
  while (!bytes.empty() && outcomes.size() < count) {
    const auto code = static_cast<unsigned char>(bytes.front());
    const std::size_t end = bytes.find('\0', 1);
    if (end == std::string_view::npos) return std::nullopt;
    outcomes.push_back({.output = std::string(bytes.substr(1, end - 1))});
    if (code != not_made) outcomes.back().exit_code = code;
    bytes.remove_prefix(end + 1);
  }
  if (!bytes.empty() || outcomes.size() != count) return std::nullopt;
  return outcomes;
}

}  // namespace qmail::users
