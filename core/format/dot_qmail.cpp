#include "core/format/dot_qmail.h"

#include <algorithm>

#include "core/base/text.h"

namespace qmail {
namespace {

std::string_view trim_blanks(std::string_view line) {
  return line.substr(0, line.find_last_not_of(" \t") + 1);
}

std::string_view until_nul(std::string_view line) { return line.substr(0, line.find('\0')); }

/// `line` is not empty.
std::optional<Instruction> parse_line(std::string_view line) {
  using enum Instruction::Kind;
  const std::string_view text = until_nul(line);
  switch (line.front()) {
    case '#': return std::nullopt;
    case '.':
    case '/': return Instruction{line.back() == '/' ? maildir : mbox, text};
    case '|': return Instruction{program, text.substr(1)};
    case '+': return text == "+list" ? std::optional(Instruction{forward_only, {}}) : std::nullopt;
    case '&': return Instruction{forward, text.substr(1)};
    default: return Instruction{forward, text};
  }
}

}  // namespace

std::vector<Instruction> parse_dot_qmail(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  std::vector<Instruction> instructions;
  bool is_first = true;
  for (const std::string_view whole : split(text, '\n')) {
    const std::string_view line = trim_blanks(whole);
    const bool is_blank = until_nul(line).empty();
    if (is_blank && is_first) instructions.push_back({Instruction::Kind::blank_first_line, {}});
    is_first = false;
    if (is_blank) continue;
    if (const auto instruction = parse_line(line)) instructions.push_back(*instruction);
  }
  return instructions;
}

std::string dot_qmail_extension(std::string_view ext) {
  std::string safe = lower(ext);
  std::replace(safe.begin(), safe.end(), '.', ':');
  return safe;
}

std::vector<DotQmailName> dot_qmail_names(std::string_view dash, std::string_view ext) {
  constexpr std::string_view default_name = "default";
  const std::string safe = dot_qmail_extension(ext);
  const std::string start = ".qmail" + std::string(dash);
  std::vector<DotQmailName> names{{start + safe}};
  if (safe.ends_with(default_name)) names.front().default_at = safe.size() - default_name.size();
  for (std::size_t kept = safe.size() + 1; kept-- > 0;)
    if (kept == 0 || safe[kept - 1] == '-')
      names.push_back({start + safe.substr(0, kept) + std::string(default_name), kept});
  return names;
}

}  // namespace qmail
