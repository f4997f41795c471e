// What has to be asked of others about a connection: two names of the DNS, and the client's identity. A
// process of its own asks, so that the server waits for nobody and never sees what a stranger's server
// answered.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

#include "core/base/fd.h"
#include "core/dns/resolver.h"
#include "core/format/socket_address.h"
#include "ucspi/lib/inquiry.h"

namespace qmail::ucspi {

enum class Item : char { local_host = 'l', remote_host = 'r', remote_info = 'i' };

/// One answer. An empty text is one too: there is no such thing.
struct Finding {
  Item item;
  std::uint32_t ttl;  ///< seconds for which it may be kept
  std::string text;
};

/// What the process that asks tells the server, one packet each.
std::string encode_finding(const Finding& finding);
std::optional<Finding> parse_finding(std::string_view packet);

struct Questions {
  Endpoint local;
  Endpoint remote;
  std::vector<Item> items;
  bool paranoid;
  unsigned info_seconds;
};

/// For both names together.
inline constexpr int name_milliseconds = 1000 * name_seconds;
/// For which a name is not asked for again after no server has answered: RFC 9520 section 3.2.
inline constexpr std::uint32_t failure_seconds = 5;
/// The same of a "no" that does not say how long it may be kept, so that its zone is not asked with each
/// connection.
inline constexpr std::uint32_t unsaid_seconds = 5;

/// The name of `ip` in lower case; empty if there is none. Paranoid: or if it does not have that address.
Finding find_name(dns::Resolver& resolver, Item item, const Ip& ip, bool paranoid);

/// A running look-up. It ends by itself within its budget, or when nobody takes its findings any more;
/// whoever reaps children sees its pid.
class LookUp {
 public:
  /// Forks. None, with errno set, if that is not possible.
  static std::optional<LookUp> start(const Questions& questions);

  pid_t pid() const { return pid_; }
  /// Readable when there is a finding to take, or no more will come.
  int fd() const { return socket_.get(); }
  /// The next finding; none if there is none yet, or no more: see is_over().
  std::optional<Finding> take();
  bool is_over() const { return over_; }

 private:
  LookUp(pid_t pid, Fd socket) : pid_(pid), socket_(std::move(socket)) {}

  pid_t pid_;
  Fd socket_;
  bool over_ = false;
};

}  // namespace qmail::ucspi
