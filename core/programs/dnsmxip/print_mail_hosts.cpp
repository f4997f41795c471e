#include "core/programs/dnsmxip/print_mail_hosts.h"

#include "core/dns/mail_hosts.h"
#include "core/dns/tool.h"

namespace qmail {

void print_mail_hosts(dns::Resolver& resolver, const std::string& domain, Writer& out) {
  const dns::MailHosts found = dns::find_mail_hosts(resolver, domain);
  dns::require_found(found.status);
  for (const dns::MailHost& one : found.records)
    out.put(one.ip.text()).put(' ').put(std::to_string(one.preference)).put('\n');
}

}  // namespace qmail
