#include "core/programs/multilog/input.h"

#include <cerrno>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "core/base/signals.h"

namespace qmail::multilog {
namespace {

constexpr std::array heeded{SIGTERM, SIGALRM};

}  // namespace

Input::Input(int fd, Listener listener) : fd_(fd), listener_(std::move(listener)) {
  for (const int number : heeded) {
    signals::block(number);
    signals::catch_flag(number);
  }
}

void Input::heed_signals() {
  // Those that have come arrive here: a wait lets none in if input is ready.
  for (const int number : heeded) {
    signals::unblock(number);
    signals::block(number);
  }
  if (signals::take(SIGALRM)) listener_.alarm();
  if (signals::take(SIGTERM)) is_leaving_ = true;
}

bool Input::fill() {
  begin_ = end_ = 0;
  ssize_t got = -1;
  do {
    listener_.wait();
    const bool is_ready = wait();
    const int error = errno;
    heed_signals();
    if (is_leaving_ && is_at_line_start_) return false;
    // Byte by byte: what follows the line is left to the next reader.
    got = is_ready ? ::read(fd_, block_.data(), is_leaving_ ? 1 : block_.size()) : -1;
    if (!is_ready) errno = error;
  } while (got < 0 && (errno == EINTR || errno == EAGAIN));
  if (got < 0) error_ = errno;
  if (got <= 0) return false;
  end_ = static_cast<std::size_t>(got);
  is_at_line_start_ = block_[end_ - 1] == '\n';
  return true;
}

/// With the signals let in, so that none gets lost between a look at its flag and the wait. False, with errno
/// set, if one came.
bool Input::wait() const {
  pollfd wanted{fd_, POLLIN, 0};
  sigset_t mask;
  ::sigprocmask(SIG_SETMASK, nullptr, &mask);
  for (const int number : heeded) sigdelset(&mask, number);
  return ::ppoll(&wanted, 1, nullptr, &mask) >= 0;
}

}  // namespace qmail::multilog
