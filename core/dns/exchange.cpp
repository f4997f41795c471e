#include "core/dns/exchange.h"

#include <cerrno>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/connect.h"
#include "core/base/fd.h"
#include "core/base/random.h"

namespace qmail::dns {
namespace {

/// Room for what a server may send over UDP although we asked for less.
constexpr std::size_t largest_datagram = 4096;

/// A connected socket: the kernel then drops datagrams from anybody but the server.
Fd connect_to(const Endpoint& server, int kind, const Deadline& deadline) {
  const SocketAddress address(server);
  Fd fd(::socket(address.family(), kind | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (fd && !connect_within(fd.get(), address.get(), address.size(), deadline.milliseconds_left()))
    fd.close();
  return fd;
}

std::optional<std::string> ask_over_udp(const Endpoint& server, std::string_view query,
                                        const Deadline& deadline) {
  const Fd fd = connect_to(server, SOCK_DGRAM, deadline);
  if (!fd || ::send(fd.get(), query.data(), query.size(), MSG_NOSIGNAL) < 0) return std::nullopt;
  std::string reply;
  while (wait_until(fd.get(), POLLIN, deadline)) {
    reply.resize(largest_datagram);
    const ssize_t got = ::recv(fd.get(), reply.data(), reply.size(), 0);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got < 0) return std::nullopt;
    reply.resize(static_cast<std::size_t>(got));
    if (is_reply_to(reply, query)) return reply;
  }
  return std::nullopt;
}

bool send_all(int fd, std::string_view bytes, const Deadline& deadline) {
  while (!bytes.empty()) {
    if (!wait_until(fd, POLLOUT, deadline)) return false;
    const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EINTR && errno != EAGAIN) return false;
    if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::optional<std::string> receive_exactly(int fd, std::size_t size, const Deadline& deadline) {
  std::string bytes(size, '\0');
  for (std::size_t have = 0; have < size;) {
    if (!wait_until(fd, POLLIN, deadline)) return std::nullopt;
    const ssize_t got = ::recv(fd, bytes.data() + have, size - have, 0);
    if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN)) return std::nullopt;
    if (got > 0) have += static_cast<std::size_t>(got);
  }
  return bytes;
}

/// RFC 1035 section 4.2.2: each message after its length.
std::optional<std::string> ask_over_tcp(const Endpoint& server, std::string_view query,
                                        const Deadline& deadline) {
  const Fd fd = connect_to(server, SOCK_STREAM, deadline);
  if (!fd) return std::nullopt;
  std::string sent{static_cast<char>(query.size() >> 8), static_cast<char>(query.size() & 0xff)};
  sent += query;
  if (!send_all(fd.get(), sent, deadline)) return std::nullopt;
  const auto length = receive_exactly(fd.get(), 2, deadline);
  if (!length) return std::nullopt;
  const std::size_t size =
      static_cast<unsigned char>((*length)[0]) * 256u + static_cast<unsigned char>((*length)[1]);
  auto reply = receive_exactly(fd.get(), size, deadline);
  return reply && is_reply_to(*reply, query) ? reply : std::nullopt;
}

std::optional<Message> ask_once(const Endpoint& server, std::string_view name, Type type, bool edns,
                                const Deadline& deadline) {
  const auto query = build_query(static_cast<std::uint16_t>(random_number()), name, type, edns);
  if (!query) return std::nullopt;
  auto reply = ask_over_udp(server, *query, deadline);
  if (!reply) return std::nullopt;
  auto message = parse_message(*reply);
  if (!message || !message->truncated) return message;
  reply = ask_over_tcp(server, *query, deadline);
  message = reply ? parse_message(*reply) : std::nullopt;
  return message && !message->truncated ? message : std::nullopt;
}

}  // namespace

std::optional<Message> ask(const Endpoint& server, std::string_view name, Type type,
                           const Deadline& deadline) {
  auto message = ask_once(server, name, type, true, deadline);
  if (message && (message->code == Code::malformed_query || message->code == Code::not_implemented))
    message = ask_once(server, name, type, false, deadline);
  return message;
}

}  // namespace qmail::dns
