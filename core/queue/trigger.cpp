#include "core/queue/trigger.h"

#include <array>
#include <cerrno>

namespace qmail::queue {
namespace {

Fd open_end(const Layout& queue, int access) {
  return Fd(::openat(queue.fd(), trigger_name, access | O_NONBLOCK | O_CLOEXEC));
}

}  // namespace

void pull_trigger(const Layout& queue) {
  // Without a reader there is nobody to wake and the open fails; a full FIFO is already pulled.
  const Fd end = open_end(queue, O_WRONLY);
  if (end && ::write(end.get(), "", 1) < 0) return;
}

// A write end of our own: without any, a FIFO whose writers have gone stays readable for ever.
Trigger::Trigger(const Layout& queue) : read_(open_end(queue, O_RDONLY)), write_(open_end(queue, O_WRONLY)) {}

void Trigger::rearm() {
  std::array<char, 512> pulls;
  while (read_) {
    const ssize_t got = ::read(read_.get(), pulls.data(), pulls.size());
    if (got == 0 || (got < 0 && errno != EINTR)) return;
  }
}

}  // namespace qmail::queue
