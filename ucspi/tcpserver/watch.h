// Waiting for many descriptors at once.
#pragma once
#include <vector>

#include "core/base/fd.h"

namespace qmail::ucspi {

/// Tells which descriptors have something to read. epoll(7): it takes as long for ten thousand as for ten.
class Watch {
 public:
  Watch();  ///< throws Failure
  /// False if there is no room for one more. One that is closed is forgotten by itself.
  bool add(int fd);
  /// Stops looking at one that was added, or goes on.
  void set(int fd, bool is_wanted);
  /// Before one that was added is closed while another process has it open too.
  void remove(int fd);
  /// Waits so long, or for ever if that is -1, with no signal blocked, for some that are ready; none after a
  /// signal.
  std::vector<int> wait(int milliseconds) const;

 private:
  Fd epoll_;
};

}  // namespace qmail::ucspi
