#include "core/programs/qmail-queue/watcher.h"

#include "core/base/failure.h"

namespace qmail::queue {
namespace {

epoll_event event(std::uint32_t events, std::uint64_t name) {
  epoll_event result{};
  result.events = events;
  result.data.u64 = name;
  return result;
}

}  // namespace

Watcher::Watcher() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (!epoll_) throw Failure::system("create epoll descriptor");
}

bool Watcher::watch(int fd, std::uint64_t name) {
  epoll_event wanted = event(EPOLLIN, name);
  return ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &wanted) == 0;
}

void Watcher::forget(int fd) { ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr); }

void Watcher::watch_writable(int fd, std::uint64_t name, bool wanted) {
  epoll_event changed = event(wanted ? EPOLLIN | EPOLLOUT : EPOLLIN, name);
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &changed);
}

std::span<const epoll_event> Watcher::wait(int milliseconds) {
  const int count = ::epoll_wait(epoll_.get(), ready_.data(), static_cast<int>(ready_.size()), milliseconds);
  return std::span(ready_).first(count > 0 ? static_cast<std::size_t>(count) : 0);
}

}  // namespace qmail::queue
