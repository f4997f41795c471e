// Blocks of addresses, 192.0.2.0/25 or 2001:db8::/32. RFC 4632, RFC 4291 section 2.3.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "core/format/ip.h"

namespace qmail {

/// How many bits an address of this family has: 32 or 128.
unsigned address_bits(const Ip& ip);

struct Network {
  Ip first;       ///< every bit behind the prefix is 0
  unsigned bits;  ///< of the prefix, no more than address_bits()

  /// The one of that size that `ip` is in.
  static Network around(const Ip& ip, unsigned bits);
  /// False for an address of the other family: ::/0 has every IPv4 address in it only because each is kept as
  /// an IPv6 one, and that is not what it says.
  bool contains(const Ip& ip) const;
  std::string text() const;
};

/// The whole of `text`: an address, alone or with /BITS.
std::optional<Network> parse_network(std::string_view text);

/// What may stand before the slash: an IPv6 address, bare or in brackets, or one to four of the numbers of an
/// IPv4 address, with or without a dot at the end. Missing numbers are 0.
std::optional<Ip> parse_network_address(std::string_view text);

}  // namespace qmail
