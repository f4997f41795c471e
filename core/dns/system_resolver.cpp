#include "core/dns/system_resolver.h"

#include <net/if.h>

#include "core/base/fd.h"
#include "core/base/text.h"
#include "core/dns/exchange.h"

namespace qmail::dns {
namespace {

constexpr std::size_t largest_file = std::size_t{16} << 20;
/// How often a chain of CNAMEs is followed by asking again, where the server does not do it for us.
constexpr int most_questions = 8;

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

/// What the first server to settle the question says.
std::optional<Message> ask_servers(const ResolvConf& conf, std::uint16_t port, const Clock& clock,
                                   const Deadline& total, const std::string& name, Type type) {
  const Ip this_host = Ip::v4({127, 0, 0, 1});
  const std::vector<NameServer> servers =
      conf.servers.empty() ? std::vector{NameServer{this_host}} : conf.servers;
  for (unsigned attempt = 0; attempt < conf.attempts; ++attempt)
    for (const NameServer& server : servers) {
      const int left = total.milliseconds_left();
      if (left == 0) return std::nullopt;
      const Deadline one(clock, std::min(conf.timeout_seconds, static_cast<unsigned>(left) / 1000 + 1));
      auto message = ask({server.ip, port, interface_number(server.scope)}, name, type, one);
      if (message && is_final(*message)) return message;
    }
  return std::nullopt;
}

}  // namespace

ResolvConf SystemResolver::settings() const { return parse_resolv_conf(contents(sources_.resolv_conf)); }

std::vector<std::string> SystemResolver::search_names(const std::string& name) const {
  return dns::search_names(settings(), name);
}

SystemResolver::Lookup SystemResolver::look_up(const ResolvConf& conf, const std::string& name, Type type) {
  if (!conf.ask_servers || !build_query(0, name, type, false)) return {Outcome::no_such_name};
  const Deadline total(clock_, sources_.total_seconds);
  std::string asked = name;
  for (int i = 0; i < most_questions; ++i) {
    const auto message = ask_servers(conf, sources_.port, clock_, total, asked, type);
    if (!message) return {Outcome::failed};
    Resolved resolved = follow(*message, type);
    if (!resolved.records.empty()) return {Outcome::found, std::move(resolved.records)};
    if (message->code == Code::no_such_name) return {Outcome::no_such_name};
    if (message->recursive || resolved.name == message->name) return {Outcome::no_such_record};
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
  Answer<Ip> answer;
  for (const Type type : {Type::a, Type::aaaa}) {
    const Lookup lookup = look_up(conf, name, type);
    if (lookup.outcome == Outcome::no_such_name) break;  // then there is nothing of the other type either
    if (lookup.outcome == Outcome::failed) answer.status = Status::try_again;
    for (const Record& record : lookup.records) answer.records.push_back(record.address);
  }
  if (!answer.records.empty()) answer.status = Status::found;
  return answer;
}

Answer<Mx> SystemResolver::mail_exchangers(const std::string& domain) {
  const Lookup lookup = look_up(settings(), domain, Type::mx);
  if (lookup.outcome == Outcome::failed) return {Status::try_again};
  Answer<Mx> answer;
  for (const Record& record : lookup.records) answer.records.push_back({record.preference, record.text});
  if (!answer.records.empty()) answer.status = Status::found;
  return answer;
}

Answer<std::string> SystemResolver::names(const Ip& ip) { return look_up_texts(reverse_name(ip), Type::ptr); }

Answer<std::string> SystemResolver::texts(const std::string& name) { return look_up_texts(name, Type::txt); }

Answer<std::string> SystemResolver::look_up_texts(const std::string& name, Type type) {
  const Lookup lookup = look_up(settings(), name, type);
  if (lookup.outcome == Outcome::failed) return {Status::try_again};
  Answer<std::string> answer;
  for (const Record& record : lookup.records) answer.records.push_back(record.text);
  if (!answer.records.empty()) answer.status = Status::found;
  return answer;
}

}  // namespace qmail::dns
