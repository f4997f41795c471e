#include "core/dns/system_resolver.h"

#include <algorithm>
#include <limits>
#include <net/if.h>

#include "core/base/fd.h"
#include "core/base/text.h"
#include "core/dns/exchange.h"

namespace qmail::dns {
namespace {

constexpr std::size_t largest_file = std::size_t{16} << 20;
/// How often a chain of CNAMEs is followed by asking again, where the server does not do it for us.
constexpr int most_questions = 8;
constexpr std::uint32_t longest_ttl = std::numeric_limits<std::uint32_t>::max();

/// The bytes of a file; empty if it cannot be read, as if it were not there.
std::string contents(const std::string& path) {
  const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  return file ? try_read_all(file.get(), largest_file).value_or("") : "";
}

std::uint32_t interface_number(const std::string& scope) {
  if (scope.empty()) return 0;
  return parse_number<std::uint32_t>(scope).value_or(::if_nametoindex(scope.c_str()));
}

/// True if `message` settles the question: an answer, or a no from a server that knows.
bool is_final(const Message& message) {
  if (message.code == Code::no_such_name) return true;
  if (message.code != Code::ok) return false;
  // A referral: this server neither knows nor asks on.
  return !message.answers.empty() || message.authoritative || message.recursive;
}

}  // namespace

/// What the first server to settle the question says.
std::optional<Message> SystemResolver::ask_servers(const ResolvConf& conf, const Deadline& total,
                                                   const std::string& name, Type type) const {
  const Ip this_host = Ip::v4({127, 0, 0, 1});
  const std::vector<NameServer> servers =
      conf.servers.empty() ? std::vector{NameServer{this_host}} : conf.servers;
  int tries = static_cast<int>(conf.attempts * servers.size());
  for (unsigned attempt = 0; attempt < conf.attempts; ++attempt)
    for (const NameServer& server : servers) {
      int left = std::min(total.milliseconds_left(), static_cast<int>(conf.timeout_seconds) * 1000);
      if (sources_.budget != nullptr) left = std::min(left, sources_.budget->milliseconds_left() / tries);
      --tries;
      if (left == 0) return std::nullopt;
      const Deadline one(clock_, std::chrono::milliseconds(left));
      auto message = ask({server.ip, sources_.port, interface_number(server.scope)}, name, type, one);
      if (message && is_final(*message)) return message;
    }
  return std::nullopt;
}

ResolvConf SystemResolver::settings() const { return parse_resolv_conf(contents(sources_.resolv_conf)); }

std::vector<std::string> SystemResolver::search_names(const std::string& name) const {
  return dns::search_names(settings(), name);
}

SystemResolver::Lookup SystemResolver::look_up(const ResolvConf& conf, const std::string& name, Type type) {
  if (!conf.ask_servers || !build_query(0, name, type, false)) return {Outcome::no_such_name};
  const Deadline total(clock_, sources_.total_seconds);
  std::string asked = name;
  std::uint32_t ttl = longest_ttl;
  for (int i = 0; i < most_questions; ++i) {
    const auto message = ask_servers(conf, total, asked, type);
    if (!message) return {Outcome::failed};
    Resolved resolved = follow(*message, type);
    ttl = std::min(ttl, resolved.ttl);
    if (!resolved.records.empty()) return {Outcome::found, std::move(resolved.records), ttl};
    const std::uint32_t negative_ttl = std::min(ttl, message->negative_ttl);
    if (message->code == Code::no_such_name) return {Outcome::no_such_name, {}, negative_ttl};
    if (message->recursive || resolved.name == message->name)
      return {Outcome::no_such_record, {}, negative_ttl};
    asked = resolved.name;
  }
  return {Outcome::failed};
}

Answer<Ip> SystemResolver::addresses(const std::string& name) {
  const ResolvConf conf = settings();
  if (conf.hosts_first) {
    auto known = find_in_hosts(contents(sources_.hosts), name);
    if (!known.empty()) return {Status::found, std::move(known)};
  }
  Answer<Ip> answer{.ttl = longest_ttl};
  std::uint32_t absent = longest_ttl;  // how long what was not found may be taken for absent
  for (const Type type : {Type::a, Type::aaaa}) {
    const Lookup lookup = look_up(conf, name, type);
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
  const Lookup lookup = look_up(settings(), domain, Type::mx);
  if (lookup.outcome == Outcome::failed) return {Status::try_again};
  Answer<Mx> answer{.ttl = lookup.ttl};
  for (const Record& record : lookup.records) answer.records.push_back({record.preference, record.text});
  if (!answer.records.empty()) answer.status = Status::found;
  return answer;
}

Answer<std::string> SystemResolver::names(const Ip& ip) { return look_up_texts(reverse_name(ip), Type::ptr); }

Answer<std::string> SystemResolver::texts(const std::string& name) { return look_up_texts(name, Type::txt); }

Answer<std::string> SystemResolver::look_up_texts(const std::string& name, Type type) {
  const Lookup lookup = look_up(settings(), name, type);
  if (lookup.outcome == Outcome::failed) return {Status::try_again};
  Answer<std::string> answer{.ttl = lookup.ttl};
  for (const Record& record : lookup.records) answer.records.push_back(record.text);
  if (!answer.records.empty()) answer.status = Status::found;
  return answer;
}

}  // namespace qmail::dns
