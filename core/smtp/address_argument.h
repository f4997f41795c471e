// The address in the argument of MAIL and RCPT. RFC 5321 section 4.1.2, read as generously as qmail always
// has.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/format/ip.h"

namespace qmail::smtpd {

/// What stands between '<' and '>', or else from behind the first ':' to the next blank, without a source
/// route, quotes and backslashes. Syntax is never an error: without brackets, colon or end the address is
/// what can be found. `argument` holds no NUL.
std::string address_in(std::string_view argument);

/// What a client adds behind an address: "SIZE=1000", "SMTPUTF8".
struct Parameter {
  std::string_view keyword;
  std::string_view value;  ///< empty without '='
};
/// Those behind the address that address_in() finds, as views of `argument`.
std::vector<Parameter> parameters_in(std::string_view argument);

/// `address` with `host` in place of an address literal ([192.0.2.1], [IPv6:2001:db8::1]) that `is_ours`.
std::string replace_own_literal(std::string address, std::string_view host,
                                const std::function<bool(const Ip&)>& is_ours);

}  // namespace qmail::smtpd
