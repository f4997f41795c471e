#include "ucspi/lib/listener.h"

#include <cerrno>
#include <netinet/in.h>

#include "core/base/failure.h"
#include "core/base/text.h"
#include "ucspi/lib/services.h"

namespace qmail::ucspi {
namespace {

constexpr const char* services_file = "/etc/services";
constexpr std::size_t longest_services = std::size_t{16} << 20;

bool set(const Fd& socket, int level, int option, int value) {
  return ::setsockopt(socket.get(), level, option, &value, sizeof value) == 0;
}

/// A socket for `ip`; if it `is_dual`, one that takes IPv4 too, or none if the system has no IPv6.
std::optional<Fd> make_socket(const Ip& ip, bool is_dual) {
  Fd socket(::socket(ip.is_v4() ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket && is_dual && errno == EAFNOSUPPORT) return std::nullopt;
  if (!socket) throw Failure::system("create socket");
  if (!ip.is_v4() && !set(socket, IPPROTO_IPV6, IPV6_V6ONLY, is_dual ? 0 : 1) && is_dual) return std::nullopt;
  return socket;
}

}  // namespace

Ip find_local_ip(const std::string& host, Family family, dns::Resolver& resolver) {
  if (host.empty() || host == "0") return family == Family::v4 ? Ip::v4({0, 0, 0, 0}) : Ip();
  const auto ip = Ip::parse(host);
  const auto answer = ip ? dns::Answer<Ip>{dns::Status::found, {*ip}} : resolver.addresses(host);
  if (answer.status == dns::Status::try_again)
    throw Failure(Exit::temporary, "temporarily unable to figure out IP address for " + host);
  for (const Ip& one : answer.records)
    if (is_of(one, family)) return one;
  const char* const kind = family == Family::any ? "IP" : family == Family::v4 ? "IPv4" : "IPv6";
  throw Failure(Exit::temporary, std::string("no ") + kind + " address for " + host);
}

std::uint16_t find_port(const std::string& port) {
  if (const auto number = parse_number<std::uint16_t>(port)) return *number;
  const Fd file(::open(services_file, O_RDONLY | O_CLOEXEC));
  const auto text = file ? read_all(file.get(), longest_services, services_file) : std::nullopt;
  const auto found = text ? find_service(*text, port, "tcp") : std::nullopt;
  if (!found) throw Failure(Exit::temporary, "unable to figure out port number for " + port);
  return *found;
}

Fd listen_on(Endpoint local, int backlog, Family family, const std::string& which) {
  std::optional<Fd> socket = make_socket(local.ip, local.ip == Ip() && family == Family::any);
  if (!socket) {
    local.ip = Ip::v4({0, 0, 0, 0});
    socket = make_socket(local.ip, false);
  }
  const SocketAddress address(local);
  if (!set(*socket, SOL_SOCKET, SO_REUSEADDR, 1) || ::bind(socket->get(), address.get(), address.size()) < 0)
    throw Failure::system("bind" + which);
  if (::listen(socket->get(), backlog) < 0) throw Failure::system("listen" + which);
  return std::move(*socket);
}

std::optional<Endpoint> local_endpoint(const Fd& socket) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  if (::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&storage), &size) < 0) return std::nullopt;
  return endpoint_of(storage);
}

}  // namespace qmail::ucspi
