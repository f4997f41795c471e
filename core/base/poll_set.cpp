#include "core/base/poll_set.h"

#include <csignal>

namespace qmail {

void PollSet::wait() {
  constexpr int second = 1000, nanoseconds = 1000000;
  const timespec timeout{timeout_.value_or(0) / second, timeout_.value_or(0) % second * nanoseconds};
  sigset_t none;
  sigemptyset(&none);
  if (::ppoll(entries_.data(), entries_.size(), timeout_ ? &timeout : nullptr, &none) < 0)
    for (pollfd& entry : entries_) entry.revents = 0;
}

}  // namespace qmail
