#include "core/format/network.h"

#include <algorithm>

#include "core/base/text.h"

namespace qmail {

unsigned address_bits(const Ip& ip) { return ip.is_v4() ? 32 : 128; }

Network Network::around(const Ip& ip, unsigned bits) {
  auto bytes = ip.bytes();
  unsigned left = bits + 128 - address_bits(ip);
  for (auto& byte : bytes) {
    const unsigned here = std::min(left, 8U);
    byte = static_cast<std::uint8_t>(byte & 0xff00U >> here);
    left -= here;
  }
  return {Ip::v6(bytes), bits};
}

bool Network::contains(const Ip& ip) const {
  return ip.is_v4() == first.is_v4() && around(ip, bits).first == first;
}

std::optional<Network> parse_network(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto ip = Ip::parse(text.substr(0, slash));
  if (!ip) return std::nullopt;
  const unsigned most = address_bits(*ip);
  const auto bits =
      slash == std::string_view::npos ? std::optional(most) : parse_number<unsigned>(text.substr(slash + 1));
  return bits && *bits <= most ? std::optional(Network::around(*ip, *bits)) : std::nullopt;
}

std::string Network::text() const { return first.text() + "/" + std::to_string(bits); }

std::optional<Ip> parse_network_address(std::string_view text) {
  if (text.find(':') != std::string_view::npos)
    return text.starts_with('[') ? parse_address_literal(text) : Ip::parse(text);
  if (text.ends_with('.')) text.remove_suffix(1);
  std::string whole(text);
  for (auto dots = std::count(text.begin(), text.end(), '.'); dots < 3; ++dots) whole += ".0";
  return Ip::parse(whole);
}

}  // namespace qmail
