#include "ucspi/lib/address_list.h"

#include <algorithm>

#include "core/base/text.h"

namespace qmail::ucspi {
std::optional<AddressList> AddressList::parse(std::string_view text) {
  AddressList list;
  for (const std::string_view piece : split(text, ',')) {
    const auto network = parse_network(piece);
    if (!network) return std::nullopt;
    list.networks_.push_back(*network);
  }
  return list;
}

bool AddressList::contains(const Ip& ip) const {
  return std::any_of(networks_.begin(), networks_.end(),
                     [&](const Network& network) { return network.contains(ip); });
}

}  // namespace qmail::ucspi
