#include "core/programs/multilog/script.h"

#include <algorithm>
#include <limits>

#include "core/base/text.h"

namespace qmail::multilog {
namespace {

constexpr std::size_t smallest_file = 4096;
constexpr std::size_t largest_file = 16777215;
constexpr std::size_t fewest_files = 2;

/// What the digits at the front say: 0 without any, and as much as there can be if they say more.
std::size_t leading_number(std::string_view text) {
  const std::string_view digits = text.substr(0, text.find_first_not_of("0123456789"));
  if (digits.empty()) return 0;
  return parse_number<std::size_t>(digits).value_or(std::numeric_limits<std::size_t>::max());
}

}  // namespace

Script parse_script(const std::vector<std::string>& args) {
  using Kind = Action::Kind;
  Script script;
  LogSettings settings;
  const auto add = [&](Kind kind, const std::string& text = {}) {
    script.actions.push_back({.kind = kind, .text = text});
  };
  for (const std::string& arg : args) {
    const std::string value = arg.substr(std::min<std::size_t>(arg.size(), 1));
    switch (arg.empty() ? '\0' : arg.front()) {
      case '+': add(Kind::select, value); break;
      case '-': add(Kind::deselect, value); break;
      case 'e': add(Kind::alert); break;
      case '=': add(Kind::status, value); break;
      case 's': settings.most_bytes = std::clamp(leading_number(value), smallest_file, largest_file); break;
      case 'n': settings.files = std::max(leading_number(value), fewest_files); break;
      case '!': settings.processor = value; break;
      case '.':
      case '/':
        settings.directory = arg;
        script.actions.push_back({.kind = Kind::log, .log = settings});
        break;
      case 't':
        if (&arg == &args.front()) {
          script.is_stamped = true;
          break;
        }
        [[fallthrough]];
      default: script.unknown.push_back(arg);
    }
  }
  return script;
}

bool matches(std::string_view pattern, std::string_view line) {
  for (; !pattern.empty(); pattern.remove_prefix(1)) {
    if (pattern.front() == '*') {
      if (pattern.size() == 1) return true;
      const std::size_t at = line.find(pattern[1]);
      if (at == std::string_view::npos) return false;
      line.remove_prefix(at);
    } else {
      if (!line.starts_with(pattern.front())) return false;
      line.remove_prefix(1);
    }
  }
  return line.empty();
}

}  // namespace qmail::multilog
