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
  void read_own(const std::vector<std::string>& lines, bool are_own);
  void read_source(const std::vector<std::string>& lines);
  /// "host:address", where host is that of senders.
  void read_sources(const std::vector<std::string>& lines);

  /// A line that makes no sense, with its file; none: there is none.
  const std::optional<std::string>& bad_line() const { return bad_line_; }
  /// The longest entry counts, and of two of one length the one that says no. 127.0.0.0/8, 0.0.0.0 and what
  /// interfaces have are entries that say yes.
  bool is_own(const Ip& ip, bool by_interface) const;
  /// The address for mail of `sender` to `server`: that of his host by the suffix rule, or else the one for
  /// all.
  std::optional<Ip> source(std::string_view sender, const Ip& server) const;

 private:
  void check(bool makes_sense, std::string_view line, const char* file);

  std::vector<Network> own_, others_;
  Sources source_;
  std::map<std::string, Sources, std::less<>> by_host_;
  std::optional<std::string> bad_line_;
};

}  // namespace qmail::features::my_addresses
