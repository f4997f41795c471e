#include "core/format/socket_address.h"

#include <arpa/inet.h>
#include <array>
#include <cstring>
#include <netinet/in.h>

namespace qmail {

SocketAddress::SocketAddress(const Endpoint& endpoint) {
  if (endpoint.ip.is_v4()) {
    sockaddr_in four{};
    four.sin_family = AF_INET;
    four.sin_port = htons(endpoint.port);
    const auto bytes = endpoint.ip.v4_bytes();
    std::memcpy(&four.sin_addr, bytes.data(), bytes.size());
    std::memcpy(&storage_, &four, size_ = sizeof four);
  } else {
    sockaddr_in6 six{};
    six.sin6_family = AF_INET6;
    six.sin6_port = htons(endpoint.port);
    six.sin6_scope_id = endpoint.scope;
    std::memcpy(&six.sin6_addr, endpoint.ip.bytes().data(), endpoint.ip.bytes().size());
    std::memcpy(&storage_, &six, size_ = sizeof six);
  }
}

std::optional<Endpoint> endpoint_of(const sockaddr_storage& storage) {
  if (storage.ss_family == AF_INET) {
    sockaddr_in four{};
    std::memcpy(&four, &storage, sizeof four);
    std::array<std::uint8_t, 4> bytes{};
    std::memcpy(bytes.data(), &four.sin_addr, bytes.size());
    return Endpoint{Ip::v4(bytes), ntohs(four.sin_port), 0};
  }
  if (storage.ss_family != AF_INET6) return std::nullopt;
  sockaddr_in6 six{};
  std::memcpy(&six, &storage, sizeof six);
  std::array<std::uint8_t, 16> bytes{};
  std::memcpy(bytes.data(), &six.sin6_addr, bytes.size());
  return Endpoint{Ip::v6(bytes), ntohs(six.sin6_port), six.sin6_scope_id};
}

}  // namespace qmail
