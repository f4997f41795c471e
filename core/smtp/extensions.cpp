#include "core/smtp/extensions.h"

#include <algorithm>

#include "core/base/text.h"

namespace qmail::smtpc {
namespace {

constexpr std::size_t code_and_separator = 4;

}  // namespace

std::optional<std::string_view> find_extension(std::string_view reply, std::string_view keyword) {
  for (std::size_t at = reply.find('\n'); at != std::string_view::npos; at = reply.find('\n')) {
    reply.remove_prefix(at + 1);
    std::string_view line = reply.substr(0, reply.find('\n'));
    if (line.size() < code_and_separator) continue;
    line.remove_prefix(code_and_separator);
    const std::size_t end = std::min(line.find_first_of(" ="), line.size());
    if (equal_nocase(line.substr(0, end), keyword)) return line.substr(std::min(end + 1, line.size()));
  }
  return std::nullopt;
}

}  // namespace qmail::smtpc
