#include "patches-integrated/sender-checks/sender_domain.h"

#include <algorithm>

#include "core/format/address.h"

namespace qmail::features {
namespace {

dns::Status find_way_back(const std::string& domain, dns::Resolver& resolver) {
  const auto exchangers = resolver.mail_exchangers(domain);
  if (exchangers.status == dns::Status::found) {
    const bool takes_mail = std::any_of(exchangers.records.begin(), exchangers.records.end(),
                                        [](const dns::Mx& one) { return !one.host.empty(); });
    return takes_mail ? dns::Status::found : dns::Status::not_found;
  }
  if (exchangers.status == dns::Status::try_again) return dns::Status::try_again;
  return resolver.addresses(domain).status;
}

}  // namespace

smtpd::Verdict judge_domain_of(std::string_view sender, dns::Resolver& resolver) {
  const AddressParts parts = divide(sender);
  if (!parts.has_host || parts.host.starts_with('[')) return smtpd::no_opinion;
  switch (find_way_back(std::string(parts.host), resolver)) {
    case dns::Status::found: return smtpd::no_opinion;
    case dns::Status::try_again: return smtpd::Reply{451, "DNS temporary failure (#4.3.0)"};
    case dns::Status::not_found: break;
  }
  return smtpd::Reply{553, "sorry, your envelope sender domain must exist (#5.7.1)"};
}

}  // namespace qmail::features
