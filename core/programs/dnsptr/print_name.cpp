#include "core/programs/dnsptr/print_name.h"

#include "core/base/program.h"
#include "core/dns/tool.h"

namespace qmail {

void print_name(dns::Resolver& resolver, const std::string& address, Writer& out) {
  const auto ip = Ip::parse(address);
  if (!ip) throw UsageError();
  const auto names = resolver.names(*ip);
  dns::require_found(names.status);
  out.put(names.records.front()).put('\n');
}

}  // namespace qmail
