#include "ucspi/tcpserver/activation.h"

#include <cstdint>
#include <fcntl.h>
#include <string>
#include <sys/socket.h>

#include "core/base/failure.h"
#include "core/base/text.h"

namespace qmail::ucspi {
namespace {

constexpr int first = 3;
constexpr unsigned most_sockets = 1024;

int option(int fd, int which) {
  int value = -1;
  socklen_t size = sizeof value;
  return ::getsockopt(fd, SOL_SOCKET, which, &value, &size) < 0 ? -1 : value;
}

bool is_listening(int fd) {
  const int family = option(fd, SO_DOMAIN);
  return (family == AF_INET || family == AF_INET6) && option(fd, SO_TYPE) == SOCK_STREAM &&
         option(fd, SO_ACCEPTCONN) == 1;
}

}  // namespace

std::vector<Fd> take_activated(const Environment& environment, pid_t self) {
  std::vector<Fd> sockets;
  const auto pid = parse_number<std::uint32_t>(environment.get("LISTEN_PID"));
  const auto count = parse_number<unsigned>(environment.get("LISTEN_FDS"));
  if (!pid || *pid != static_cast<std::uint32_t>(self) || !count || *count > most_sockets) return sockets;
  for (int fd = first; fd < first + static_cast<int>(*count); ++fd) {
    if (!is_listening(fd))
      throw Failure(Exit::temporary, "descriptor " + std::to_string(fd) + " is no listening TCP socket");
    ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
    sockets.emplace_back(fd);
  }
  return sockets;
}

void hide_activation(Environment& environment) {
  for (const char* name : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"}) environment.unset(name);
}

}  // namespace qmail::ucspi
