#include "core/programs/qmail-remote/delivery.h"

#include <algorithm>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <variant>

#include "core/base/connect.h"
#include "core/base/failure.h"
#include "core/programs/qmail-remote/report.h"

namespace qmail::remote {
namespace {

/// One delivery's givens.
struct Errand {
  const std::string& host;
  const Mail& mail;
  const Settings& settings;
  const smtpc::Features& features;
  const World& world;
};

/// Where the message goes: a relay, or the host's exchangers.
struct Target {
  std::string host;
  std::uint16_t port = smtpc::smtp_port;
  bool is_relay = false;
};

/// What is wanted, or the report of why there is none.
template <typename Wanted>
using OrReport = std::variant<Wanted, std::string>;
using Servers = std::vector<smtpc::Destination>;
using Connected = std::unique_ptr<Partner>;

std::string report_of(const smtpc::Refusal& refusal) { return refusal.kind + refusal.text; }

OrReport<Target> find_target(const Errand& errand) {
  for (const auto& feature : errand.features) {
    const smtpc::Routing routing = feature->route(errand.host, errand.mail.sender);
    if (const auto* refusal = std::get_if<smtpc::Refusal>(&routing)) return report_of(*refusal);
    if (const auto* route = std::get_if<smtpc::Route>(&routing))
      return Target{route->host, route->port, true};
  }
  const auto text = smtpc::find_route(errand.settings.routes, errand.host);
  if (!text) return Target{.host = errand.host};
  const auto route = smtpc::parse_route(*text);
  if (!route) return bad_route(*text);
  return Target{route->host, route->port, true};
}

bool is_own(const Ip& ip, const std::vector<Ip>& own, const smtpc::Features& features) {
  bool is = std::find(own.begin(), own.end(), ip) != own.end();
  for (const auto& feature : features) is = feature->is_own(ip, is);
  return is;
}

/// The exchangers that are better than this host itself: mail goes towards lower preferences only, or it
/// could go round in a circle. A relay was chosen by the administrator and is not questioned.
Servers better_than_own(const std::vector<dns::MailHost>& hosts, const Target& target, const Errand& errand) {
  std::optional<unsigned> own_preference;
  if (!target.is_relay) {
    const std::vector<Ip> own = errand.world.own_addresses();
    for (const dns::MailHost& one : hosts)
      if (is_own(one.ip, own, errand.features))
        own_preference = std::min(own_preference.value_or(one.preference), one.preference);
  }
  Servers better;
  for (const dns::MailHost& one : hosts)
    if (!own_preference || one.preference < *own_preference)
      better.push_back({.host = errand.host,
                        .sender = errand.mail.sender,
                        .server = one.name,
                        .is_relay = target.is_relay,
                        .address = {one.ip, target.port}});
  return better;
}

OrReport<Servers> find_servers(const Target& target, const Errand& errand) {
  const World& world = errand.world;
  const dns::MailHosts found = target.is_relay
                                   ? dns::find_host(world.resolver, target.host)
                                   : dns::find_mail_hosts(world.resolver, target.host, world.random);
  if (found.status == dns::Status::try_again) return std::string(no_dns);
  if (found.status == dns::Status::not_found) return no_such_host(target.host);
  if (found.records.empty()) return std::string(no_exchanger);
  Servers servers = better_than_own(found.records, target, errand);
  if (servers.empty()) return std::string(best_exchanger_myself);
  return servers;
}

std::optional<Ip> find_source(const smtpc::Destination& server, const smtpc::Features& features) {
  std::optional<Ip> source;
  for (const auto& feature : features)
    if (!source) source = feature->source(server);
  return source;
}

/// Null if it does not accept one.
OrReport<Connected> try_connect(const smtpc::Destination& server, const Errand& errand) {
  const World& world = errand.world;
  const Ip& ip = server.address.ip;
  const auto standing = world.timeouts.standing(ip, world.clock.now(), world.process);
  if (standing == queue::HostStanding::avoid) return Connected();
  const auto source = find_source(server, errand.features);
  Connection connection = world.connect(server.address, source, errand.settings.connect_timeout_seconds);
  if (source && connection.source_error != 0) return bad_source(source->text(), connection.source_error);
  if (connection.timed_out)
    world.timeouts.timed_out(ip, world.clock.now());
  else if (standing == queue::HostStanding::listed)
    world.timeouts.answered(ip);
  if (!connection.fd) return Connected();
  return std::make_unique<Partner>(server, std::move(connection.fd), errand.settings.session_timeout_seconds);
}

/// The first server that accepts a connection; null if none does.
OrReport<Connected> connect_to_first(const Servers& servers, const Errand& errand) {
  for (const smtpc::Destination& server : servers) {
    auto tried = try_connect(server, errand);
    const auto* partner = std::get_if<Connected>(&tried);
    if (partner == nullptr || *partner) return tried;
  }
  return Connected();
}

/// A connection that is ready for a message. Features may have a second one tried.
OrReport<Connected> open_first(const Servers& servers, const Errand& errand) {
  Partner::Opening opening{errand.settings.helo_host, errand.features, errand.world.securer};
  for (auto connected = connect_to_first(servers, errand);;) {
    if (std::holds_alternative<std::string>(connected)) return connected;
    auto& partner = std::get<Connected>(connected);
    if (!partner) return std::string(no_connection);
    smtpc::Decision decision = partner->open(opening);
    if (smtpc::goes_on(decision)) return connected;
    if (const auto* refusal = std::get_if<smtpc::Refusal>(&decision)) return report_of(*refusal);
    if (opening.after) return std::string(no_connection);
    opening.after = std::move(std::get<smtpc::StartAnew>(decision));
    connected = try_connect(smtpc::Destination(partner->destination()), errand);
  }
}

/// What else messages have in common that go to `server` over one connection.
std::string sharing(const smtpc::Destination& server, const smtpc::Features& features) {
  std::string all;
  for (const auto& feature : features) all += feature->sharing(server) + '\0';
  return all;
}

/// The kept connection if it leads to one of `servers`, and messages of this kind may share it; if not, or if
/// the server has enough, it ends.
Connected take_kept(Connected kept, const Servers& servers, const smtpc::Features& features) {
  const auto leads_to = [&](const smtpc::Destination& server) {
    const smtpc::Destination& other = kept->destination();
    return server.address.ip == other.address.ip && server.address.port == other.address.port &&
           sharing(server, features) == sharing(other, features);
  };
  if (!kept || std::none_of(servers.begin(), servers.end(), leads_to)) return nullptr;
  return kept->prepare_for_next() ? std::move(kept) : nullptr;
}

/// False, with errno set, if the address is not one to connect from.
bool bind_to(int fd, const Ip& source) {
  const int on = 1;
  // The port may be one that others use to other servers; without this there are fewer.
  static_cast<void>(::setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on));
  const SocketAddress address(Endpoint{source});
  return ::bind(fd, address.get(), address.size()) == 0;
}

}  // namespace

Connection connect_to(const Endpoint& server, const std::optional<Ip>& source, int timeout_seconds) {
  const SocketAddress address(server);
  Connection connection{Fd(::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0))};
  if (!connection.fd && errno != EAFNOSUPPORT) throw Failure::system("make a socket");
  if (!connection.fd) return connection;
  if (source && !bind_to(connection.fd.get(), *source)) return {.source_error = errno};
  if (connect_within(connection.fd.get(), address.get(), address.size(), timeout_seconds * 1000)) {
    const int on = 1;
    // Each write is a whole command or a full buffer, so there is nothing to wait for. Only speed is at
    // stake.
    static_cast<void>(::setsockopt(connection.fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
    return connection;
  }
  return {.timed_out = errno == ETIMEDOUT};
}

std::string deliver(const std::string& host, const Mail& mail, const Settings& settings,
                    const smtpc::Features& features, const World& world, std::unique_ptr<Partner>& kept) {
  const Errand errand{host, mail, settings, features, world};
  const auto target = find_target(errand);
  if (const auto* report = std::get_if<std::string>(&target)) return as_output(*report);
  const auto servers = find_servers(std::get<Target>(target), errand);
  if (const auto* report = std::get_if<std::string>(&servers)) return as_output(*report);

  Connected partner = take_kept(std::move(kept), std::get<Servers>(servers), features);
  std::optional<std::string> reports = partner ? partner->send(mail) : std::nullopt;
  if (!reports) {
    auto opened = open_first(std::get<Servers>(servers), errand);
    if (const auto* report = std::get_if<std::string>(&opened)) return as_output(*report);
    partner = std::move(std::get<Connected>(opened));
    reports = partner->send(mail);
  }
  if (settings.keep_seconds > 0 && partner->may_be_kept()) kept = std::move(partner);
  return reports.value();
}

}  // namespace qmail::remote
