#include "ucspi/lib/rules_text.h"

#include <algorithm>

#include "core/base/failure.h"
#include "core/base/text.h"

namespace qmail::ucspi {
namespace {

constexpr std::size_t most_shown = 200;

Failure refusal(std::size_t number, std::string_view line) {
  const RuleMistake mistake = find_rule_mistake(line);
  return {Exit::permanent, "unable to parse this line: " + show_line(line) + ": line " +
                               std::to_string(number) + ", column " + std::to_string(mistake.column) + ": " +
                               mistake.what};
}

void read_line(std::size_t number, std::string_view line, const RulesReader& reader) {
  const auto warn = [&](const std::string& what) {
    if (reader.warn) reader.warn("line " + std::to_string(number) + what);
  };
  // Stock says nothing of it; whoever reads no warning still gets the same cdb.
  if (!find_rule_colon(line)) return warn(" has no colon, ignored: " + show_line(line));
  const auto records = parse_rule_line(line);
  if (!records) throw refusal(number, line);
  if (!records->hint.empty()) warn(": " + records->hint);
  reader.rule(number, line, *records);
}

}  // namespace

std::string show_line(std::string_view line) {
  const std::string_view shown = line.substr(0, line.find('\0'));
  return shown.size() <= most_shown ? std::string(shown) : std::string(shown.substr(0, most_shown)) + "...";
}

void read_rules(std::string_view text, const RulesReader& reader) {
  std::size_t number = 0;
  while (!text.empty()) {
    const std::string_view raw = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(raw.size() + 1, text.size()));
    ++number;
    const std::string_view line = trim_end(raw);
    if (!line.empty() && !raw.starts_with('#')) read_line(number, line, reader);
  }
}

}  // namespace qmail::ucspi
