// control/smtproutes: where mail for a host goes when its mail exchangers are not to be asked.
// qmail-remote(8).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/control/lookup.h"

namespace qmail::smtpc {

inline constexpr std::uint16_t smtp_port = 25;

struct Route {
  std::string host;
  std::uint16_t port = smtp_port;
  bool operator==(const Route&) const = default;
};

/// The whole of a route's right side: "relay", "relay:26", "[192.0.2.1]:26", "[2001:db8::1]",
/// "[2001:db8::1]:26" or "2001:db8::1". What follows the digits of a port is ignored, as in stock: patches of
/// the past put passwords there. None if the port is not one.
std::optional<Route> parse_route(std::string_view text);

/// The right side for `host` by the suffix rule; none if no line matches or the best match is empty, which
/// means that the mail exchangers are to be asked.
std::optional<std::string> find_route(const NoCaseMap& routes, std::string_view host);

}  // namespace qmail::smtpc
