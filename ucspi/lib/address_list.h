// Lists of addresses and networks in an option: 127.0.0.1,10.0.0.0/8,2001:db8::/32.
#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "core/format/ip.h"
#include "core/format/network.h"

namespace qmail::ucspi {

class AddressList {
 public:
  AddressList() = default;
  /// The whole of `text`: addresses, each with or without /BITS, between commas. None if it is anything else.
  static std::optional<AddressList> parse(std::string_view text);
  bool contains(const Ip& ip) const;
  bool is_empty() const { return networks_.empty(); }

 private:
  std::vector<Network> networks_;
};

}  // namespace qmail::ucspi
