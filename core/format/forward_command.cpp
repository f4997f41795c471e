#include "core/format/forward_command.h"

#include "core/base/text.h"

namespace qmail {
namespace {

constexpr std::size_t longest_read_command = 899;

}  // namespace

ForwardCommand::Kind forward_command_kind(std::string_view text) {
  using Kind = ForwardCommand::Kind;
  switch (text.empty() ? '\0' : text.front()) {
    case '|': return Kind::program;
    case '!': return Kind::headed_program;
    case '.':
    case '/': return Kind::list;
    case '&': return text.size() <= longest_read_command ? Kind::recipient : Kind::unknown;
    default: return Kind::unknown;
  }
}

std::optional<ForwardCommand> take_forward_command(std::string_view& data) {
  const std::size_t end = data.find('\0');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view text = data.substr(0, end);
  data.remove_prefix(end + 1);
  return ForwardCommand{forward_command_kind(text), text};
}

std::string forward_key(char kind, std::string_view target) { return kind + lower(target); }

}  // namespace qmail
