#include "core/programs/qmail-send/poll_set.h"

#include <signal.h>

namespace qmail::send {
namespace {

/// Clocks tick in seconds: without it, what is due in the next one would make for many short waits.
constexpr std::int64_t fuzz_seconds = 1;

}  // namespace

bool PollSet::wait(std::int64_t now) {
  const timespec timeout{until_ <= now ? 0 : until_ - now + fuzz_seconds, 0};
  sigset_t none;
  sigemptyset(&none);
  return ::ppoll(entries_.data(), entries_.size(), &timeout, &none) >= 0;
}

bool PollSet::is_ready(int fd) const {
  return std::any_of(entries_.begin(), entries_.end(),
                     [&](const pollfd& entry) { return entry.fd == fd && entry.revents != 0; });
}

}  // namespace qmail::send
