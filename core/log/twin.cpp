#include "core/log/twin.h"

#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace qmail::log {
namespace {

/// So much may come between two rounds of qmail-send without anything waiting here.
constexpr int pipe_bytes = 1 << 20;
/// For a reader that takes nothing at the end.
constexpr int last_patience_milliseconds = 1000;

}  // namespace

Twin::Twin(int fd, const Clock& clock) : fd_(fd), clock_(clock) {
  static_cast<void>(::fcntl(fd_, F_SETPIPE_SZ, pipe_bytes));  // the size it has will do too
  is_open_ = ::fcntl(fd_, F_SETFL, O_NONBLOCK) == 0;
}

void Twin::add(std::string line) {
  if (!is_open_) return;
  if (lines_.size() + line.size() > most_waiting) {
    ++lost_;
    return;
  }
  if (lost_ > 0) lines_ += twin_line(clock_.moment(), {.event = "lost", .lines = lost_});
  lost_ = 0;
  lines_ += line;
}

void Twin::flush() {
  while (is_waiting()) {
    const ssize_t written = ::write(fd_, lines_.data(), lines_.size());
    if (written >= 0) {
      lines_.erase(0, static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      return;
    } else if (errno != EINTR) {
      is_open_ = false;
      is_loss_untold_ = true;
      lines_.clear();
    }
  }
}

void Twin::finish() {
  flush();
  pollfd room{fd_, POLLOUT, 0};
  while (is_waiting() && ::poll(&room, 1, last_patience_milliseconds) > 0) flush();
}

}  // namespace qmail::log
