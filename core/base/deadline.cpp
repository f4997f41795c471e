#include "core/base/deadline.h"

#include <algorithm>
#include <cerrno>
#include <limits>
#include <poll.h>

namespace qmail {

int Deadline::milliseconds_left() const {
  const Moment now = clock_.moment();
  const std::int64_t whole = std::min<std::int64_t>(whole_.count(), std::numeric_limits<int>::max());
  const std::int64_t passed =
      (now.seconds - start_.seconds) * 1000 + (now.microseconds - start_.microseconds) / 1000;
  return static_cast<int>(std::clamp<std::int64_t>(whole - passed, 0, whole));
}

bool wait_until(int fd, short events, const Deadline& deadline) {
  pollfd wanted{fd, events, 0};
  int ready = -1;
  do {
    ready = ::poll(&wanted, 1, deadline.milliseconds_left());
  } while (ready < 0 && errno == EINTR);
  return ready > 0;
}

}  // namespace qmail
