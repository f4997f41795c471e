#include "core/dns/system_resolver.h"

#include <algorithm>
#include <array>

#include "core/dns/system_asker.h"

namespace qmail::dns {

ResolvConf SystemResolver::settings() const { return parse_resolv_conf(settings_text(sources_.resolv_conf)); }

std::vector<std::string> SystemResolver::search_names(const std::string& name) const {
  return dns::search_names(settings(), name);
}

Lookup SystemResolver::look_up(const std::string& name, Type type) {
  Lookup found;
  SystemAsker(clock_, sources_).ask(std::array{Question{name, type}}, [&](std::size_t, const Lookup& lookup) {
    found = lookup;
    return true;
  });
  return found;
}

Answer<Ip> SystemResolver::addresses(const std::string& name) {
  const ResolvConf conf = settings();
  if (conf.hosts_first) {
    auto known = find_in_hosts(settings_text(sources_.hosts), name);
    if (!known.empty()) return {Status::found, std::move(known)};
  }
  Answer<Ip> answer{.ttl = unlimited_ttl};
  std::uint32_t absent = unlimited_ttl;  // how long what was not found may be taken for absent
  for (const Type type : {Type::a, Type::aaaa}) {
    const Lookup lookup = look_up(name, type);
    for (const Record& record : lookup.records) answer.records.push_back(record.address);
    std::uint32_t& ttl = lookup.outcome == Outcome::found ? answer.ttl : absent;
    ttl = std::min(ttl, lookup.ttl);
    if (lookup.outcome == Outcome::no_such_name) break;  // then there is nothing of the other type either
    if (lookup.outcome == Outcome::failed) answer.status = Status::try_again;
  }
  if (answer.records.empty())
    answer.ttl = absent;
  else
    answer.status = Status::found;
  return answer;
}

Answer<Mx> SystemResolver::mail_exchangers(const std::string& domain) {
  const Lookup lookup = look_up(domain, Type::mx);
  if (lookup.outcome == Outcome::failed) return {Status::try_again};
  Answer<Mx> answer{.ttl = lookup.ttl};
  for (const Record& record : lookup.records) answer.records.push_back({record.preference, record.text});
  if (!answer.records.empty()) answer.status = Status::found;
  return answer;
}

Answer<std::string> SystemResolver::names(const Ip& ip) { return look_up_texts(reverse_name(ip), Type::ptr); }

Answer<std::string> SystemResolver::texts(const std::string& name) { return look_up_texts(name, Type::txt); }

Answer<std::string> SystemResolver::look_up_texts(const std::string& name, Type type) {
  const Lookup lookup = look_up(name, type);
  if (lookup.outcome == Outcome::failed) return {Status::try_again};
  Answer<std::string> answer{.ttl = lookup.ttl};
  for (const Record& record : lookup.records) answer.records.push_back(record.text);
  if (!answer.records.empty()) answer.status = Status::found;
  return answer;
}

}  // namespace qmail::dns
