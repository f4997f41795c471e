// Asking the DNS: what programs need of it, behind one interface so that tests can script the answers.
// RFC 1035, RFC 5321 section 5 (MX), RFC 7505 (null MX), RFC 6891 (EDNS).
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/format/ip.h"

namespace qmail::dns {

/// not_found: the name or the record does not exist, and asking again will not help.
/// try_again: no answer now.
enum class Status { found, not_found, try_again };

/// `records` is empty unless `status` is found.
template <typename Record>
struct Answer {
  Status status = Status::not_found;
  std::vector<Record> records = {};
  std::uint32_t ttl = 0;  ///< seconds for which this may be kept, a "no" too; 0 with try_again
};

struct Mx {
  unsigned preference;
  std::string host;  ///< empty: the domain accepts no mail (RFC 7505)
};

class Resolver {
 public:
  virtual ~Resolver() = default;
  /// A and AAAA of `name`, CNAMEs followed; try_again only if nothing was found and one of the two failed.
  virtual Answer<Ip> addresses(const std::string& name) = 0;
  virtual Answer<Mx> mail_exchangers(const std::string& domain) = 0;
  virtual Answer<std::string> names(const Ip& ip) = 0;  ///< PTR
  virtual Answer<std::string> texts(const std::string& name) = 0;
};

}  // namespace qmail::dns
