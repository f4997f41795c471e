// The rules by which a server treats its clients: a cdb made by tcprules(1), looked up as tcpserver(1) does.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/format/cdb.h"
#include "core/format/ucspi.h"

namespace qmail::ucspi {

/// What a rule says. The views point into the rule's bytes.
struct Instructions {
  bool deny = false;
  std::vector<std::pair<std::string_view, std::string_view>> variables = {};
  /// From the data of a record; whatever is not an instruction is passed over.
  static Instructions parse(std::string_view data);
};

struct Rule {
  std::string address;  ///< under which it was found
  Instructions instructions;
};

/// The first rule for the client in this order: info@ip, info@=host, ip, =host, the shorter and shorter parts
/// of the ip that end with a dot (IPv6: with a colon), the parts of the host that start with a dot behind an
/// '=', "=", and the empty address. What is not known of the client is not looked for.
std::optional<Rule> find_rule(const CdbView& rules, const Peer& client);

}  // namespace qmail::ucspi
