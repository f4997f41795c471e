// The rules by which a server treats its clients: a cdb made by tcprules(1), looked up as tcpserver(1) does.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/format/cdb.h"
#include "core/format/network.h"
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
  std::string key;      ///< the same as it stands in the cdb: another one for a network alone
  Instructions instructions;
};

/// Told of each address that is looked for, in order, and whether there is a rule for it.
using LookWatcher = std::function<void(const std::string& address, bool found)>;

/// The first rule for the client in this order: info@ip, info@=host, ip, =host, what the ip begins with, the
/// parts of the host that start with a dot behind an '=', "=", and the empty address. What is not known of
/// the client is not looked for.
///
/// The ip begins with its parts that end with a dot (IPv6: with a colon) and with the networks it is in, the
/// longest first; a part comes before a network of the same length. Only lengths that the rules use are
/// looked for.
std::optional<Rule> find_rule(const CdbView& rules, const Peer& client, const LookWatcher& watch = nullptr);

// ---- how networks are stored: an address of stock's rules has no colon, so none of these keys is one ----

/// ":192.0.2.0/25"
std::string network_key(const Network& network);
/// Of the record that lists, one byte each, the lengths of the networks of a family that have rules.
std::string lengths_key(bool is_v4);

}  // namespace qmail::ucspi
