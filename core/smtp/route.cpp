#include "core/smtp/route.h"

#include "core/base/text.h"
#include "core/format/ip.h"

namespace qmail::smtpc {

std::optional<Route> parse_route(std::string_view text) {
  const std::size_t bracket = text.starts_with('[') ? text.find(']') : std::string_view::npos;
  std::size_t colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (Ip::parse(text)) colon = std::string_view::npos;
  Route route{.host = std::string(text.substr(0, colon))};
  if (colon == std::string_view::npos) return route;
  std::string_view rest = text.substr(colon + 1);
  if (rest.empty() || rest.front() < '0' || rest.front() > '9') return route;
  const auto port = take_number<std::uint16_t>(rest);
  if (!port || *port == 0) return std::nullopt;
  route.port = *port;
  return route;
}

std::optional<std::string> find_route(const NoCaseMap& routes, std::string_view host) {
  const auto found = find_by_suffix(host, [&](std::string_view part) { return routes.find(part); });
  return found && !found->empty() ? std::optional(std::string(*found)) : std::nullopt;
}

}  // namespace qmail::smtpc
