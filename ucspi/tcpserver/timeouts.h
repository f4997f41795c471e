// Which descriptors have been waited for long enough.
#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "core/base/clock.h"

namespace qmail::ucspi {

class Timeouts {
 public:
  /// `clock` must outlive this object, and never go back.
  explicit Timeouts(const Clock& clock) : clock_(clock) {}
  /// From now on `fd` is waited for so long, whatever was said of it before.
  void set(int fd, std::int64_t milliseconds);
  void cancel(int fd);
  /// Until the first is due, as epoll_wait(2) takes it: -1 if there is none.
  int milliseconds_left() const;
  /// Those that are due; they are waited for no longer.
  std::vector<int> take_due();

 private:
  std::int64_t now() const;

  const Clock& clock_;
  std::set<std::pair<std::int64_t, int>> ends_;  ///< milliseconds, descriptor
  std::map<int, std::int64_t> end_of_;
};

}  // namespace qmail::ucspi
