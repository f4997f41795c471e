#include "ucspi/lib/address_list.h"

#include <algorithm>

#include "core/base/text.h"

namespace qmail::ucspi {
namespace {

std::optional<Network> parse_one(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto ip = Ip::parse(text.substr(0, slash));
  if (!ip) return std::nullopt;
  const unsigned most = address_bits(*ip);
  const auto bits =
      slash == std::string_view::npos ? std::optional(most) : parse_number<unsigned>(text.substr(slash + 1));
  return bits && *bits <= most ? std::optional(Network::around(*ip, *bits)) : std::nullopt;
}

/// ::/0 has IPv4 in it too, for each address is kept as an IPv6 one; that is not what it says.
bool is_in(const Ip& ip, const Network& network) {
  return ip.is_v4() == network.first.is_v4() && Network::around(ip, network.bits).first == network.first;
}

}  // namespace

std::optional<AddressList> AddressList::parse(std::string_view text) {
  AddressList list;
  for (const std::string_view piece : split(text, ',')) {
    const auto network = parse_one(piece);
    if (!network) return std::nullopt;
    list.networks_.push_back(*network);
  }
  return list;
}

bool AddressList::contains(const Ip& ip) const {
  return std::any_of(networks_.begin(), networks_.end(),
                     [&](const Network& network) { return is_in(ip, network); });
}

}  // namespace qmail::ucspi
