#include "core/format/dot_qmail.h"

#include <optional>

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

}  // namespace qmail
