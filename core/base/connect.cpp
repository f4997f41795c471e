#include "core/base/connect.h"

#include <cerrno>
#include <poll.h>

namespace qmail {

bool connect_within(int fd, const sockaddr* address, socklen_t size, int milliseconds) {
  if (::connect(fd, address, size) == 0) return true;
  if (errno != EINPROGRESS && errno != EINTR) return false;
  pollfd wanted{fd, POLLOUT, 0};
  int ready = -1;
  do {
    ready = ::poll(&wanted, 1, milliseconds);
  } while (ready < 0 && errno == EINTR);
  if (ready == 0) errno = ETIMEDOUT;
  if (ready <= 0) return false;
  int reason = 0;
  socklen_t reason_size = sizeof reason;
  if (::getsockopt(fd, SOL_SOCKET, SO_ERROR, &reason, &reason_size) < 0) return false;
  errno = reason;
  return reason == 0;
}

}  // namespace qmail
