#include "ucspi/tcpserver/timeouts.h"

#include <algorithm>
#include <limits>

namespace qmail::ucspi {

std::int64_t Timeouts::now() const {
  const Moment moment = clock_.moment();
  return moment.seconds * 1000 + moment.microseconds / 1000;
}

void Timeouts::set(int fd, std::int64_t milliseconds) {
  cancel(fd);
  const std::int64_t end = now() + milliseconds;
  ends_.emplace(end, fd);
  end_of_.emplace(fd, end);
}

void Timeouts::cancel(int fd) {
  const auto found = end_of_.find(fd);
  if (found == end_of_.end()) return;
  ends_.erase({found->second, fd});
  end_of_.erase(found);
}

int Timeouts::milliseconds_left() const {
  if (ends_.empty()) return -1;
  constexpr std::int64_t most = std::numeric_limits<int>::max();
  // One more, for a millisecond that has begun counts as over.
  return static_cast<int>(std::clamp<std::int64_t>(ends_.begin()->first - now() + 1, 0, most));
}

std::vector<int> Timeouts::take_due() {
  std::vector<int> due;
  if (ends_.empty()) return due;
  for (const std::int64_t moment = now(); !ends_.empty() && ends_.begin()->first <= moment;) {
    due.push_back(ends_.begin()->second);
    cancel(due.back());
  }
  return due;
}

}  // namespace qmail::ucspi
