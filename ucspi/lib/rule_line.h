// One line of the rules that tcprules(1) compiles: address:allow or address:deny, and variables to set.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/format/network.h"

namespace qmail::ucspi {

/// The records that a line stands for, all with the same data.
struct RuleRecords {
  std::vector<std::string> keys = {};  ///< 1.2.3.4-6 stands for three; IPv6 as RFC 5952 writes it
  std::string data = "";
  std::optional<Network> network = std::nullopt;  ///< of 192.0.2.0/25: its key is network_key() (rules.h)
  std::string hint = "";                          ///< what is odd about the line although it is understood
};

/// Why a line makes no sense.
struct RuleMistake {
  std::size_t column;  ///< of the byte where it shows, from 1
  std::string what;    ///< what was expected there
};

/// Where the address of `line` ends: the first colon, but behind the colons of an IPv6 address, whole or cut
/// after one of them, in brackets or not, with or without the length of a prefix. None if there is no colon.
std::optional<std::size_t> find_rule_colon(std::string_view line);

/// The whole of a line without blanks at its end; none if it makes no sense.
std::optional<RuleRecords> parse_rule_line(std::string_view line);

/// What is wrong with a line that parse_rule_line() refuses.
RuleMistake find_rule_mistake(std::string_view line);

}  // namespace qmail::ucspi
