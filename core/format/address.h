// Envelope addresses: where they divide, and how they are written where bare bytes are not allowed.
// RFC 5321 section 4.1.2; addresses(5).
#pragma once
#include <string>
#include <string_view>

namespace qmail {

/// An address divided at its last '@'. Without one, `host` is empty and `has_host` false.
struct AddressParts {
  std::string_view local;
  std::string_view host;
  bool has_host;
};
AddressParts divide(std::string_view address);

/// As stock's quote2(): `local@host` with the local part in quotes and backslashes where RFC 822 demands it.
std::string quote_address(std::string_view address);
/// The same for a text that is all local part.
std::string quote_local(std::string_view local);

}  // namespace qmail
