#include "core/programs/qmail-remote/delivery.h"

#include <algorithm>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include "core/base/connect.h"
#include "core/base/failure.h"
#include "core/programs/qmail-remote/report.h"

namespace qmail::remote {
namespace {

std::string as_output(std::string_view report) { return std::string(report) + '\0'; }

/// Where the message goes: a relay, or the host's exchangers.
struct Target {
  std::string host;
  std::uint16_t port = smtpc::smtp_port;
  bool is_relay = false;
};

/// The servers to try, or the report that there are none.
struct Servers {
  std::vector<Ip> ips;
  std::string report = "";
};

/// The exchangers that are better than this host itself: mail goes towards lower preferences only, or it
/// could go round in a circle. A relay was chosen by the administrator and is not questioned.
std::vector<Ip> better_than_own(const std::vector<dns::MailHost>& hosts, const Target& target,
                                const World& world) {
  const std::vector<Ip> own = target.is_relay ? std::vector<Ip>() : world.own_addresses();
  std::optional<unsigned> own_preference;
  for (const dns::MailHost& one : hosts)
    if (std::find(own.begin(), own.end(), one.ip) != own.end())
      own_preference = std::min(own_preference.value_or(one.preference), one.preference);
  std::vector<Ip> better;
  for (const dns::MailHost& one : hosts)
    if (!own_preference || one.preference < *own_preference) better.push_back(one.ip);
  return better;
}

Servers find_servers(const Target& target, const World& world) {
  const dns::MailHosts found = target.is_relay
                                   ? dns::find_host(world.resolver, target.host)
                                   : dns::find_mail_hosts(world.resolver, target.host, world.random);
  if (found.status == dns::Status::try_again) return {{}, std::string(no_dns)};
  if (found.status == dns::Status::not_found) return {{}, no_such_host(target.host)};
  if (found.records.empty()) return {{}, std::string(no_exchanger)};
  Servers servers{better_than_own(found.records, target, world)};
  if (servers.ips.empty()) servers.report = best_exchanger_myself;
  return servers;
}

/// The first server that accepts a connection.
std::unique_ptr<Partner> connect_to_first(const std::vector<Ip>& ips, const Target& target,
                                          const Settings& settings, const World& world) {
  for (const Ip& ip : ips) {
    const auto standing = world.timeouts.standing(ip, world.clock.now(), world.process);
    if (standing == queue::HostStanding::avoid) continue;
    const Endpoint server{ip, target.port};
    Connection connection = world.connect(server, settings.connect_timeout_seconds);
    if (connection.timed_out)
      world.timeouts.timed_out(ip, world.clock.now());
    else if (standing == queue::HostStanding::listed)
      world.timeouts.answered(ip);
    if (connection.fd)
      return std::make_unique<Partner>(server, std::move(connection.fd), settings.session_timeout_seconds);
  }
  return nullptr;
}

/// The kept connection if it leads to one of `ips`; if not, or if the server has enough, it ends.
std::unique_ptr<Partner> take_kept(std::unique_ptr<Partner> kept, const std::vector<Ip>& ips,
                                   const Target& target) {
  if (!kept || kept->server().port != target.port) return nullptr;
  if (std::find(ips.begin(), ips.end(), kept->server().ip) == ips.end()) return nullptr;
  return kept->prepare_for_next() ? std::move(kept) : nullptr;
}

}  // namespace

Connection connect_to(const Endpoint& server, int timeout_seconds) {
  const SocketAddress address(server);
  Connection connection{Fd(::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0))};
  if (!connection.fd && errno != EAFNOSUPPORT) throw Failure::system("make a socket");
  if (!connection.fd) return connection;
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
  Target target{.host = host};
  std::optional<smtpc::Route> route;
  for (const auto& feature : features)
    if (!route) route = feature->route(host, mail.sender);
  if (const auto text = smtpc::find_route(settings.routes, host); text && !route) {
    route = smtpc::parse_route(*text);
    if (!route) return as_output(bad_route(*text));
  }
  if (route) target = {route->host, route->port, true};

  const Servers servers = find_servers(target, world);
  if (servers.ips.empty()) return as_output(servers.report);
  std::unique_ptr<Partner> partner = take_kept(std::move(kept), servers.ips, target);
  std::optional<std::string> reports = partner ? partner->send(mail, features) : std::nullopt;
  if (!reports) {
    partner = connect_to_first(servers.ips, target, settings, world);
    if (!partner) return as_output(no_connection);
    if (const auto failure = partner->introduce(settings.helo_host)) return as_output(*failure);
    reports = partner->send(mail, features);
  }
  if (settings.keep_seconds > 0 && features.empty() && partner->may_be_kept()) kept = std::move(partner);
  return reports.value();
}

}  // namespace qmail::remote
