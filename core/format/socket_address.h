// Internet addresses with a port, in the form the socket calls take.
#pragma once
#include <cstdint>
#include <optional>
#include <sys/socket.h>

#include "core/format/ip.h"

namespace qmail {

/// One end of a connection. `scope` is the interface number that a link-local IPv6 address needs.
struct Endpoint {
  Ip ip = {};
  std::uint16_t port = 0;
  std::uint32_t scope = 0;
};

/// The bytes connect(2) and bind(2) want: AF_INET for an IPv4 address, else AF_INET6.
class SocketAddress {
 public:
  explicit SocketAddress(const Endpoint& endpoint);

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage_); }
  socklen_t size() const { return size_; }
  int family() const { return storage_.ss_family; }

 private:
  sockaddr_storage storage_{};
  socklen_t size_;
};

/// What accept(2) or getsockname(2) filled in; none if it is neither AF_INET nor AF_INET6.
std::optional<Endpoint> endpoint_of(const sockaddr_storage& storage);

}  // namespace qmail
