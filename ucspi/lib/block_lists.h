// Lists of addresses in the DNS (RFC 5782), and what they say of one client: the options and the decision of
// rblsmtpd(1).
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/environment.h"
#include "core/dns/asker.h"

namespace qmail::ucspi {

/// One -r or -a, with the flags that stood before it.
struct BlockList {
  std::string base;
  bool allows = false;                                ///< -a: whom it lists is let in
  std::optional<std::string> message = std::nullopt;  ///< of -r base:message; none: its TXT record
  bool bounces = false;                               ///< -b
  bool fails_closed = false;                          ///< -c
};

struct BlockOptions {
  std::vector<BlockList> lists = {};
  unsigned timeout_seconds = 60;          ///< -t
  std::vector<std::string> program = {};  ///< and its arguments

  /// Throws UsageError.
  static BlockOptions parse(const std::vector<std::string>& args);
};

/// Whether a client is let in, and if not, with which words it is refused.
struct Verdict {
  bool is_refused = false;
  bool is_permanent = false;  ///< 553, not 451
  std::string text = "";
  bool operator==(const Verdict&) const = default;
};

/// What $RBLSMTPD says: nothing if it is not set, let in if it is empty; else its text, permanently if '-'
/// stands in front.
std::optional<Verdict> verdict_of(const Environment& environment);

/// What is put before the name of a list: the numbers of an IPv4 address, or the nibbles of an IPv6 one, the
/// last one first, with a dot behind each.
std::string listed_labels(std::string_view remote_ip);

/// What the lists say of an address when they are asked in order and the first that knows it decides;
/// `lookups` has what is known of each. None: the lists known so far do not decide it.
std::optional<Verdict> judge(const std::vector<BlockList>& lists, std::string_view remote_ip,
                             const std::vector<std::optional<dns::Lookup>>& lookups);

/// The same, with all lists asked at the same time, and no longer than until it is decided.
Verdict ask_lists(const std::vector<BlockList>& lists, std::string_view remote_ip, dns::Asker& asker);

}  // namespace qmail::ucspi
