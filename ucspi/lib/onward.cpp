#include "ucspi/lib/onward.h"

#include <charconv>
#include <sys/stat.h>

namespace qmail::ucspi {
namespace {

/// What stands before the next NUL, which is taken too.
std::optional<std::string_view> take_piece(std::string_view& text) {
  const std::size_t end = text.find('\0');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view piece = text.substr(0, end);
  text.remove_prefix(end + 1);
  return piece;
}

std::optional<std::size_t> parse_first(std::string_view text) {
  std::size_t first = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), first);
  const bool is_whole = error == std::errc{} && end == text.data() + text.size();
  return is_whole ? std::optional(first) : std::nullopt;
}

}  // namespace

std::string encode_onward(const Onward& onward) {
  std::string text = std::to_string(onward.first) + '\0';
  for (const auto& [name, value] : onward.variables) text.append(name + "=" + value + '\0');
  return text;
}

std::optional<Onward> parse_onward(std::string_view text) {
  const auto number = take_piece(text);
  const auto first = number ? parse_first(*number) : std::nullopt;
  if (!first) return std::nullopt;
  Onward onward{.first = *first};
  while (!text.empty()) {
    const auto variable = take_piece(text);
    const std::size_t sign = variable ? variable->find('=') : 0;
    if (sign == 0 || sign == std::string_view::npos) return std::nullopt;
    onward.variables.emplace_back(variable->substr(0, sign), variable->substr(sign + 1));
  }
  return onward;
}

bool is_question(const Process& self) {
  struct stat found {};
  return ::fstat(self.in, &found) == 0 && !S_ISSOCK(found.st_mode);
}

}  // namespace qmail::ucspi
