// Waiting for many descriptors at once. epoll(7).
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <sys/epoll.h>

#include "core/base/fd.h"

namespace qmail::queue {

class Watcher {
 public:
  /// Throws Failure.
  Watcher();

  /// From now on wait() gives `name` when `fd` is readable or lost. False, with errno set, if that is not
  /// possible.
  [[nodiscard]] bool watch(int fd, std::uint64_t name);
  /// A descriptor that is closed is forgotten by itself.
  void forget(int fd);
  /// Whether wait() also gives the name of `fd`, which is watched, when it is writable.
  void watch_writable(int fd, std::uint64_t name, bool wanted);

  /// The names of those that are ready, after at most `milliseconds`; -1: waits until one is. A signal ends
  /// the waiting.
  std::span<const epoll_event> wait(int milliseconds);

 private:
  Fd epoll_;
  std::array<epoll_event, 256> ready_{};
};

}  // namespace qmail::queue
