// /etc/resolv.conf and /etc/hosts: which name servers to ask, and names that need no asking.
// resolv.conf(5), hosts(5).
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/format/ip.h"

namespace qmail::dns {

struct NameServer {
  Ip ip;
  std::string scope = "";  ///< the interface of a link-local address: what follows '%'
  bool operator==(const NameServer&) const = default;
};

struct ResolvConf {
  std::vector<NameServer> servers;  ///< at most most_servers, in order
  unsigned timeout_seconds = 5;     ///< for each attempt, 1 to longest_timeout_seconds
  unsigned attempts = 2;            ///< rounds through the servers, 1 to most_attempts
  /// Addresses come from /etc/hosts first: `lookup file ...` says so, or there is no name server.
  bool hosts_first = false;
  bool ask_servers = true;  ///< false: `lookup file` alone
  /// Of the last `search` or `domain` line. For dnsfq alone: mail goes to absolute names.
  std::vector<std::string> search = {};

  static constexpr std::size_t most_servers = 3;
  static constexpr unsigned longest_timeout_seconds = 30;
  static constexpr unsigned most_attempts = 5;
};

/// Lines that make no sense are passed over, as every resolver does.
ResolvConf parse_resolv_conf(std::string_view text);

/// What `name` may mean, in the order to ask: below the search domains first if it has no dot, last if it has
/// one, never if it ends with one.
std::vector<std::string> search_names(const ResolvConf& conf, const std::string& name);

/// The addresses that a hosts file gives `name`, in order; letter case and a final dot do not matter.
std::vector<Ip> find_in_hosts(std::string_view text, std::string_view name);

}  // namespace qmail::dns
