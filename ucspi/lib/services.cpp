#include "ucspi/lib/services.h"

#include <algorithm>

#include "core/base/text.h"

namespace qmail::ucspi {
namespace {

/// Takes the next word off the front of `line`; empty at its end.
std::string_view take_word(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(" \t\r"), line.size()));
  const std::string_view word = line.substr(0, line.find_first_of(" \t\r"));
  line.remove_prefix(word.size());
  return word;
}

bool names(std::string_view first, std::string_view rest, std::string_view wanted) {
  for (std::string_view word = first; !word.empty(); word = take_word(rest))
    if (word == wanted) return true;
  return false;
}

}  // namespace

std::optional<std::uint16_t> find_service(std::string_view services, std::string_view name,
                                          std::string_view protocol) {
  for (std::string_view line : split(services, '\n')) {
    line = line.substr(0, line.find('#'));
    const std::string_view official = take_word(line);
    std::string_view port_text = take_word(line);
    const auto port = take_number<std::uint16_t>(port_text);
    if (!port || port_text.size() != protocol.size() + 1 || port_text.front() != '/') continue;
    if (port_text.substr(1) == protocol && names(official, line, name)) return port;
  }
  return std::nullopt;
}

}  // namespace qmail::ucspi
