#include "core/programs/dnsip/print_addresses.h"

#include "core/dns/mail_hosts.h"
#include "core/dns/tool.h"

namespace qmail {

void print_addresses(dns::Resolver& resolver, const std::string& host, Writer& out) {
  const dns::MailHosts found = dns::find_host(resolver, host);
  dns::require_found(found.status);
  for (const dns::MailHost& one : found.records) out.put(one.ip.text()).put('\n');
}

}  // namespace qmail
