#include "ucspi/tcpserver/watch.h"

#include <array>
#include <csignal>
#include <sys/epoll.h>

#include "core/base/failure.h"

namespace qmail::ucspi {
namespace {

epoll_event event_for(int fd, bool is_wanted) {
  epoll_event event{};
  if (is_wanted) event.events = EPOLLIN;
  event.data.fd = fd;
  return event;
}

}  // namespace

Watch::Watch() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (!epoll_) throw Failure::system("create epoll instance");
}

bool Watch::add(int fd) {
  epoll_event event = event_for(fd, true);
  return ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) == 0;
}

void Watch::set(int fd, bool is_wanted) {
  epoll_event event = event_for(fd, is_wanted);
  // It was added, so this cannot fail.
  static_cast<void>(::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &event));
}

void Watch::remove(int fd) {
  // It was added, so this cannot fail.
  static_cast<void>(::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr));
}

std::vector<int> Watch::wait(int milliseconds) const {
  constexpr int most = 64;
  std::array<epoll_event, most> events;
  sigset_t none;
  sigemptyset(&none);
  const int count = ::epoll_pwait(epoll_.get(), events.data(), most, milliseconds, &none);
  std::vector<int> ready;
  for (int at = 0; at < count; ++at) ready.push_back(events[static_cast<std::size_t>(at)].data.fd);
  return ready;
}

}  // namespace qmail::ucspi
