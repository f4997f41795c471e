// Which addresses are this host's, and which it sends from: control/moreipme, notipme, outgoingip,
// outgoingips. README.md.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/format/network.h"

namespace qmail::features::my_addresses {

/// The whole of `text`: an address, alone, with /BITS, or, IPv4, with a mask as in 192.0.2.0/255.255.255.0.
std::optional<Network> parse_entry(std::string_view text);

/// One address of each family to send from; an unspecified one (0.0.0.0, ::) leaves the choice to the system.
class Sources {
 public:
  /// False if it is no address. Of two of one family the later counts.
  bool add(std::string_view text);
  /// One for connections to `server`.
  std::optional<Ip> of_family(const Ip& server) const;

 private:
  std::optional<Ip> v4_, v6_;
};

class AddressBook {
 public:
  /// Each takes a line of moreipme, notipme, outgoingip or outgoingips ("host:address", where host is that of
  /// senders). False if it makes no sense.
  bool add_own(std::string_view line) { return add(own_, line); }
  bool add_other(std::string_view line) { return add(others_, line); }
  bool add_source(std::string_view line) { return source_.add(line); }
  bool add_source_of_host(std::string_view line);

  /// The longest entry counts, and of two of one length the one that says no. 127.0.0.0/8, 0.0.0.0 and what
  /// interfaces have are entries that say yes.
  bool is_own(const Ip& ip, bool by_interface) const;
  /// The address for mail of `sender` to `server`: that of his host by the suffix rule, or else the one for
  /// all.
  std::optional<Ip> source(std::string_view sender, const Ip& server) const;

 private:
  static bool add(std::vector<Network>& networks, std::string_view line);

  std::vector<Network> own_, others_;
  Sources source_;
  std::map<std::string, Sources, std::less<>> by_host_;
};

}  // namespace qmail::features::my_addresses
