// DNS messages: queries built, answers parsed. RFC 1035 section 4; RFC 3596 (AAAA); RFC 6891 (EDNS).
// Names are text: labels with dots between them and none at the end. Inside a label a dot, a backslash and
// bytes that cannot be printed are written \. \\ and \DDD (decimal), as in zone files.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/format/ip.h"

namespace qmail::dns {

enum class Type : std::uint16_t { a = 1, cname = 5, soa = 6, ptr = 12, mx = 15, txt = 16, aaaa = 28 };

/// The outcome a server states in its answer's header.
enum class Code : std::uint8_t {
  ok = 0,
  malformed_query = 1,
  server_failure = 2,
  no_such_name = 3,
  not_implemented = 4,
  refused = 5
};

/// One record of an answer section.
struct Record {
  std::string owner;
  Type type = Type::a;
  Ip address = {};          ///< of a and aaaa
  unsigned preference = 0;  ///< of mx
  std::string text = "";    ///< the name that cname, ptr and mx hold; the strings of txt joined
  std::uint32_t ttl = 0;    ///< seconds for which it may be kept
};

struct Message {
  Code code = Code::ok;
  bool authoritative = false;
  bool truncated = false;  ///< the records are not here: ask again over TCP
  bool recursive = false;  ///< the server follows CNAMEs itself
  std::string name = "";   ///< the question's; empty if the server sent none back
  std::vector<Record> answers = {};
  std::uint32_t negative_ttl = 0;  ///< seconds for which a "no" may be kept: RFC 2308 section 5
};

/// The largest answer we ask for over UDP: it passes every path unfragmented (DNS flag day 2020).
inline constexpr std::uint16_t edns_size = 1232;

/// A recursive query for one name; none if `name` is empty or cannot be a DNS name.
std::optional<std::string> build_query(std::uint16_t id, std::string_view name, Type type, bool edns);

/// True if `reply` is a response with the id and the question of `query`, whatever else it holds.
bool is_reply_to(std::string_view reply, std::string_view query);

/// The header and the records of the types named above; none if any part of them is cut short, loops, or
/// disagrees with its length.
std::optional<Message> parse_message(std::string_view bytes);

/// What `message` says about its question: the name at the end of its chain of CNAMEs and that name's
/// records.
struct Resolved {
  std::string name;
  std::vector<Record> records;
  std::uint32_t ttl;  ///< the shortest of the chain and the records
};
Resolved follow(const Message& message, Type type);

/// "4.3.2.1." or the 32 nibbles of an IPv6 address with a dot behind each, the last one first: what is put
/// before the name of a zone of addresses (RFC 3596 section 2.5, RFC 5782 section 2).
std::string reverse_labels(const Ip& ip);

/// "4.3.2.1.in-addr.arpa" or the nibbles below ip6.arpa.
std::string reverse_name(const Ip& ip);

}  // namespace qmail::dns
