// One line of the rules that tcprules(1) compiles: address:allow or address:deny, and variables to set.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qmail::ucspi {

/// The records that a line stands for, all with the same data.
struct RuleRecords {
  std::vector<std::string> addresses;  ///< 1.2.3.4-6 stands for three; IPv6 as RFC 5952 writes it
  std::string data;
};

/// Where the address of `line` ends: the first colon, but behind the colons of an IPv6 address, whole or cut
/// after one of them. None if there is no colon.
std::optional<std::size_t> find_rule_colon(std::string_view line);

/// The whole of a line without blanks at its end; none if it makes no sense.
std::optional<RuleRecords> parse_rule_line(std::string_view line);

}  // namespace qmail::ucspi
