// Loopback TCP and epoll, as far as the load generator and the sink need them.
#pragma once
#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <netinet/tcp.h>
#include <stdexcept>
#include <string>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace bench {

[[noreturn]] inline void fail(const std::string& what) {
  throw std::runtime_error(what + ": " + std::strerror(errno));
}

class Socket {
 public:
  explicit Socket(int fd = -1) : fd_(fd) {}
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Socket& operator=(Socket&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Socket() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

  /// Replies leave at once, however small.
  void set_no_delay() const {
    const int one = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  }
  /// Writes what the kernel takes and removes it from `out`; false if the connection is lost.
  bool send(std::string& out) const {
    while (!out.empty()) {
      const ssize_t sent = ::send(fd_, out.data(), out.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno == EINTR) continue;
      if (sent < 0) return errno == EAGAIN;
      out.erase(0, static_cast<std::size_t>(sent));
    }
    return true;
  }
  /// Appends what is there to `in`; false at the end or when the connection is lost.
  bool receive(std::string& in) const {
    char buffer[65536];
    const ssize_t got = ::recv(fd_, buffer, sizeof buffer, 0);
    if (got < 0) return errno == EAGAIN || errno == EINTR;
    in.append(buffer, static_cast<std::size_t>(got));
    return got > 0;
  }

 private:
  int fd_;
};

inline sockaddr_in address_of(const std::string& address, long port) {
  sockaddr_in result{};
  result.sin_family = AF_INET;
  result.sin_port = htons(static_cast<std::uint16_t>(port));
  if (::inet_pton(AF_INET, address.c_str(), &result.sin_addr) != 1)
    throw std::runtime_error("not an IPv4 address: " + address);
  return result;
}

inline void watch(int epoll, int operation, int fd, std::uint32_t events, void* data) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = data;
  if (::epoll_ctl(epoll, operation, fd, &event) < 0) fail("unable to watch a connection");
}

}  // namespace bench
