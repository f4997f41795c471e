// /etc/resolv.conf and /etc/hosts: which name servers to ask, and names that need no asking.
// resolv.conf(5), hosts(5). Of resolv.conf only these lines count: nameserver, options timeout:N attempts:N,
// and OpenBSD's lookup. `search` and `domain` do not: a mail system looks up absolute names.
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

  static constexpr std::size_t most_servers = 3;
  static constexpr unsigned longest_timeout_seconds = 30;
  static constexpr unsigned most_attempts = 5;
};

/// Lines that make no sense are passed over, as every resolver does.
ResolvConf parse_resolv_conf(std::string_view text);

/// The addresses that a hosts file gives `name`, in order; letter case and a final dot do not matter.
std::vector<Ip> find_in_hosts(std::string_view text, std::string_view name);

}  // namespace qmail::dns
