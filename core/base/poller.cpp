#include "core/base/poller.h"

#include <array>
#include <sys/epoll.h>

#include "core/base/failure.h"

namespace qmail {
namespace {

constexpr int most_at_once = 64;
constexpr unsigned turn_shift = 32;

}  // namespace

Poller::Poller() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (!epoll_) throw Failure::system("wait for descriptors");
}

void Poller::add(int fd, Ready ready) {
  const auto at = static_cast<std::size_t>(fd);
  if (entries_.size() <= at) entries_.resize(at + 1);
  Entry& entry = entries_[at];
  ++entry.turn;
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = std::uint64_t{entry.turn} << turn_shift | static_cast<std::uint32_t>(fd);
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) < 0)
    throw Failure::system("wait for a descriptor");
  entry.ready = std::move(ready);
}

void Poller::remove(int fd) {
  entries_[static_cast<std::size_t>(fd)].ready = nullptr;
  // It fails only if the descriptor is not there, which is what is wanted.
  static_cast<void>(::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr));
}

void Poller::call_ready() {
  std::array<epoll_event, most_at_once> events;
  const int found = ::epoll_wait(epoll_.get(), events.data(), most_at_once, 0);
  for (int i = 0; i < found; ++i) {
    const std::uint64_t data = events[static_cast<std::size_t>(i)].data.u64;
    const Entry& entry = entries_[static_cast<std::uint32_t>(data)];
    if (!entry.ready || entry.turn != data >> turn_shift) continue;
    // A copy: it may remove itself, or make the table grow.
    const Ready ready = entry.ready;
    ready();
  }
}

}  // namespace qmail
