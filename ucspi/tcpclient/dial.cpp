#include "ucspi/tcpclient/dial.h"

#include <algorithm>
#include <cerrno>
#include <limits>

#include "core/base/connect.h"
#include "core/base/failure.h"
#include "core/dns/mail_hosts.h"

namespace qmail::ucspi {
namespace {

Ip this_machine(Family family) {
  return family == Family::v6 ? Ip::v6({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1})
                              : Ip::v4({127, 0, 0, 1});
}

int milliseconds(std::uint64_t seconds) {
  return static_cast<int>(std::min<std::uint64_t>(seconds * 1000, std::numeric_limits<int>::max()));
}

void bind_local(const Fd& socket, bool is_v4, const ClientOptions& options) {
  if (!options.local_ip && options.local_port == 0) return;
  const Ip any = is_v4 ? Ip::v4({0, 0, 0, 0}) : Ip();
  const SocketAddress local({.ip = options.local_ip.value_or(any), .port = options.local_port});
  if (::bind(socket.get(), local.get(), local.size()) < 0) throw Failure::system("bind socket");
}

bool make_blocking(const Fd& socket) {
  const int flags = ::fcntl(socket.get(), F_GETFL);
  return flags >= 0 && ::fcntl(socket.get(), F_SETFL, flags & ~O_NONBLOCK) == 0;
}

/// -1 inside, with errno set, if the server cannot be reached in time.
Fd try_one(const Endpoint& server, std::uint64_t seconds, const ClientOptions& options) {
  const SocketAddress address(server);
  Fd socket(::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return socket;  // without IPv6 an IPv4 address may still do
  bind_local(socket, server.ip.is_v4(), options);
  if (connect_within(socket.get(), address.get(), address.size(), milliseconds(seconds)) &&
      make_blocking(socket))
    return socket;
  const int error = errno;
  socket.close();
  errno = error;
  return socket;
}

}  // namespace

std::vector<Ip> find_server(const std::string& host, const std::vector<std::string>& names, Family family,
                            dns::Resolver& resolver) {
  if (host.empty() || host == "0") return {this_machine(family)};
  dns::MailHosts found;
  for (const std::string& name : names) {
    found = dns::find_host(resolver, name);
    if (found.status != dns::Status::not_found) break;
  }
  if (found.status == dns::Status::try_again)
    throw Failure(Exit::temporary, "temporarily unable to figure out IP address for " + host);
  std::vector<Ip> ips;
  for (const dns::MailHost& one : found.records)
    if (is_of(one.ip, family)) ips.push_back(one.ip);
  if (ips.empty()) throw Failure(Exit::temporary, "no IP address for " + host);
  return ips;
}

std::optional<Fd> dial(const std::vector<Ip>& ips, std::uint16_t port, const ClientOptions& options,
                       const ClientLog& log) {
  Patience patience = options.patience;
  if (ips.size() == 1) patience = {.first = patience.first + patience.second, .second = 0};
  std::vector<Ip> late;
  const auto try_all = [&](const std::vector<Ip>& some, std::uint64_t seconds, bool is_last) {
    for (const Ip& ip : some) {
      const Endpoint server{.ip = ip, .port = port};
      Fd socket = try_one(server, seconds, options);
      if (socket) return socket;
      if (errno == ETIMEDOUT && !is_last)
        late.push_back(ip);
      else
        log.cannot_connect(server, errno);
    }
    return Fd();
  };
  Fd socket = try_all(ips, patience.first, patience.second == 0);
  if (!socket) socket = try_all(std::exchange(late, {}), patience.second, true);
  return socket ? std::optional(std::move(socket)) : std::nullopt;
}

}  // namespace qmail::ucspi
