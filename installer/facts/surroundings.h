// What others say about this host: its names in the DNS, and whether mail can leave it. Asking changes
// nothing, here or there.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "core/dns/resolver.h"

namespace qmail::facts {

/// One of the addresses that the DNS has for the host's name.
struct NamedAddress {
  Ip ip;
  bool is_own = false;  ///< one of this machine's interfaces has it
  dns::Status reverse = dns::Status::not_found;
  std::vector<std::string> names = {};          ///< in lower case
  bool confirms = false;                        ///< one of these has the address
  dns::Status listed = dns::Status::not_found;  ///< in the block list that most receivers ask
};

struct MailDomain {
  std::string name;
  dns::Status exchangers = dns::Status::not_found;
  bool leads_here = false;                        ///< one of its exchangers has one of this host's addresses
  dns::Status policies = dns::Status::not_found;  ///< its TXT records
  std::size_t spf_records = 0;                    ///< RFC 7208
};

/// An attempt to reach the mail server of somebody else.
struct Exit {
  std::string server;
  std::string trouble;  ///< empty: it has greeted us
};

struct Surroundings {
  dns::Status host = dns::Status::not_found;
  std::vector<NamedAddress> addresses;
  std::vector<MailDomain> domains;
  std::vector<Exit> exits;
};

/// What is asked, and by whom.
struct Inquiry {
  const std::string& host_name;
  const std::vector<std::string>& domains;
  const std::vector<Ip>& own_addresses;
  dns::Resolver& resolver;
  /// Connects to port 25 of a server, waits for its greeting, and says what went wrong.
  std::function<std::string(const Ip&)> greet;
};

Surroundings look_around(const Inquiry& inquiry);

/// Within five seconds.
std::string greet(const Ip& server);

/// "4.3.2.1.zen.spamhaus.org" for 1.2.3.4, or the like with nibbles: RFC 5782.
std::string block_list_name(const Ip& ip);

}  // namespace qmail::facts
