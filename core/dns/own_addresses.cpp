#include "core/dns/own_addresses.h"

#include <algorithm>
#include <cstring>
#include <ifaddrs.h>
#include <memory>
#include <net/if.h>
#include <netinet/in.h>

#include "core/base/failure.h"

namespace qmail::dns {
namespace {

/// Copies out of `address`, whose type says nothing about its alignment.
template <typename Socket>
Socket as(const sockaddr* address) {
  Socket socket;
  std::memcpy(&socket, address, sizeof socket);
  return socket;
}

void add(std::vector<Ip>& addresses, const sockaddr* address) {
  if (address->sa_family == AF_INET) {
    std::array<std::uint8_t, 4> bytes{};
    const auto socket = as<sockaddr_in>(address);
    std::memcpy(bytes.data(), &socket.sin_addr, bytes.size());
    addresses.push_back(Ip::v4(bytes));
  } else if (address->sa_family == AF_INET6) {
    std::array<std::uint8_t, 16> bytes{};
    const auto socket = as<sockaddr_in6>(address);
    std::memcpy(bytes.data(), &socket.sin6_addr, bytes.size());
    addresses.push_back(Ip::v6(bytes));
  }
}

}  // namespace

std::vector<Ip> own_addresses() {
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) < 0) throw Failure::system("find the addresses of this host");
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(first, ::freeifaddrs);
  std::vector<Ip> addresses{Ip::v4({0, 0, 0, 0}), Ip()};
  for (const ifaddrs* one = first; one != nullptr; one = one->ifa_next)
    if (one->ifa_addr != nullptr && (one->ifa_flags & IFF_UP) != 0) add(addresses, one->ifa_addr);
  return addresses;
}

}  // namespace qmail::dns
