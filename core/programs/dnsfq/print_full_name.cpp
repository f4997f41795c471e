#include "core/programs/dnsfq/print_full_name.h"

#include "core/dns/mail_hosts.h"
#include "core/dns/tool.h"

namespace qmail {

void print_full_name(dns::Resolver& resolver, const std::vector<std::string>& candidates, Writer& out) {
  dns::MailHosts found;
  for (const std::string& candidate : candidates) {
    found = dns::find_host(resolver, candidate);
    if (found.status != dns::Status::not_found) break;
  }
  dns::require_found(found.status);
  const auto names = resolver.names(found.records.front().ip);
  dns::require_found(names.status);
  out.put(names.records.front()).put('\n');
}

}  // namespace qmail
