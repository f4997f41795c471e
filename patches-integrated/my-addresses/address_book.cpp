#include "patches-integrated/my-addresses/address_book.h"

#include <algorithm>
#include <bit>

#include "core/base/text.h"
#include "core/control/lookup.h"

namespace qmail::features::my_addresses {
namespace {

/// The length of a prefix as its mask; none if the mask has a hole.
std::optional<unsigned> bits_of_mask(std::string_view text) {
  const auto mask = Ip::parse(text);
  if (!mask || !mask->is_v4()) return std::nullopt;
  std::uint32_t bits = 0;
  for (const std::uint8_t byte : mask->v4_bytes()) bits = bits << 8 | byte;
  const auto ones = static_cast<unsigned>(std::countl_one(bits));
  return static_cast<unsigned>(std::popcount(bits)) == ones ? std::optional(ones) : std::nullopt;
}

/// The bits of the longest of `networks` that the address is in; none: it is in none.
std::optional<unsigned> longest_match(const std::vector<Network>& networks, const Ip& ip) {
  std::optional<unsigned> longest;
  for (const Network& network : networks)
    if (network.contains(ip)) longest = std::max(longest.value_or(0), network.bits);
  return longest;
}

bool is_unspecified(const Ip& ip) { return ip == Ip() || ip == Ip::v4({0, 0, 0, 0}); }

}  // namespace

std::optional<Network> parse_entry(std::string_view text) {
  if (const auto network = parse_network(text)) return network;
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto bits = bits_of_mask(text.substr(slash + 1));
  const auto ip = Ip::parse(text.substr(0, slash));
  return bits && ip && ip->is_v4() ? std::optional(Network::around(*ip, *bits)) : std::nullopt;
}

bool Sources::add(std::string_view text) {
  const auto literal = parse_address_literal(text);
  const auto ip = literal ? literal : Ip::parse(text);
  if (ip) (ip->is_v4() ? v4_ : v6_) = *ip;
  return ip.has_value();
}

std::optional<Ip> Sources::of_family(const Ip& server) const { return server.is_v4() ? v4_ : v6_; }

bool AddressBook::add(std::vector<Network>& networks, std::string_view line) {
  const auto network = parse_entry(line);
  if (network) networks.push_back(*network);
  return network.has_value();
}

bool AddressBook::add_source_of_host(std::string_view line) {
  const std::size_t colon = line.find(':');
  return colon != std::string_view::npos &&
         by_host_[lower(line.substr(0, colon))].add(line.substr(colon + 1));
}

bool AddressBook::is_own(const Ip& ip, bool by_interface) const {
  constexpr unsigned loopback_bits = 8;
  std::optional<unsigned> yes = longest_match(own_, ip);
  if (ip.is_v4() && ip.v4_bytes()[0] == 127) yes = std::max(yes.value_or(0), loopback_bits);
  if (by_interface || is_unspecified(ip)) yes = address_bits(ip);
  const std::optional<unsigned> no = longest_match(others_, ip);
  return yes && (!no || *yes > *no);
}

std::optional<Ip> AddressBook::source(std::string_view sender, const Ip& server) const {
  const std::size_t at = sender.rfind('@');
  const std::string host = at == std::string_view::npos ? "" : lower(sender.substr(at + 1));
  auto source = find_by_suffix(std::string_view(host), [&](std::string_view part) {
    const auto found = by_host_.find(part);
    return found == by_host_.end() ? std::nullopt : found->second.of_family(server);
  });
  if (!source) source = source_.of_family(server);
  return source && !is_unspecified(*source) ? source : std::nullopt;
}

}  // namespace qmail::features::my_addresses
