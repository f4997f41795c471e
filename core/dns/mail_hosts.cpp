#include "core/dns/mail_hosts.h"

#include <algorithm>
#include <tuple>

namespace qmail::dns {
namespace {

constexpr std::size_t most_exchangers = 100;

std::optional<Ip> parse_literal(const std::string& host) {
  const auto ip = Ip::parse(host);
  return ip ? ip : parse_address_literal(host);
}

/// In the order to try them, the best first.
std::vector<Mx> in_order(std::vector<Mx> exchangers, const Random& random) {
  struct Ranked {
    std::uint32_t rank;
    Mx mx;
  };
  std::vector<Ranked> ranked;
  for (Mx& mx : exchangers) ranked.push_back({random(), std::move(mx)});
  std::stable_sort(ranked.begin(), ranked.end(), [](const Ranked& a, const Ranked& b) {
    return std::tie(a.mx.preference, a.rank) < std::tie(b.mx.preference, b.rank);
  });
  if (ranked.size() > most_exchangers) ranked.resize(most_exchangers);
  std::vector<Mx> ordered;
  for (Ranked& one : ranked) ordered.push_back(std::move(one.mx));
  return ordered;
}

}  // namespace

MailHosts find_host(Resolver& resolver, const std::string& host) {
  if (const auto ip = parse_literal(host)) return {Status::found, {{0, *ip, ip->text()}}};
  const Answer<Ip> answer = resolver.addresses(host);
  MailHosts found{answer.status};
  for (const Ip& ip : answer.records) found.records.push_back({0, ip, host});
  return found;
}

MailHosts find_mail_hosts(Resolver& resolver, const std::string& domain, const Random& random) {
  if (const auto ip = parse_literal(domain)) return {Status::found, {{0, *ip, ip->text()}}};
  Answer<Mx> exchangers = resolver.mail_exchangers(domain);
  if (exchangers.status == Status::try_again) return {Status::try_again};
  if (exchangers.status == Status::not_found) return find_host(resolver, domain);
  MailHosts found{Status::found};
  bool missed = false;
  for (const Mx& mx : in_order(std::move(exchangers.records), random)) {
    if (mx.host.empty()) continue;  // a null MX
    const MailHosts host = find_host(resolver, mx.host);
    missed = missed || host.status == Status::try_again;
    for (const MailHost& one : host.records) found.records.push_back({mx.preference, one.ip, one.name});
  }
  if (found.records.empty() && missed) found.status = Status::try_again;
  return found;
}

}  // namespace qmail::dns
