// Many descriptors behind one that can be waited for, at a cost that does not grow with their number.
// epoll(7).
#pragma once
#include <cstdint>
#include <functional>
#include <vector>

#include "core/base/fd.h"

namespace qmail {

class Poller {
 public:
  using Ready = std::function<void()>;

  Poller();  ///< throws Failure

  /// Readable when one of the descriptors is ready.
  int fd() const { return epoll_.get(); }
  /// From now on call_ready() calls `ready` when `fd`, a socket or a pipe, can be read or its other end is
  /// gone. Throws Failure.
  void add(int fd, Ready ready);
  /// Before `fd` is closed. Nothing is called for it any more.
  void remove(int fd);
  /// Calls what belongs to the descriptors that are ready now; if they are many, to some of them.
  void call_ready();

 private:
  struct Entry {
    std::uint32_t turn = 0;  ///< tells this use of the number from earlier ones
    Ready ready = nullptr;   ///< none: not watched
  };

  Fd epoll_;
  std::vector<Entry> entries_;  ///< by descriptor
};

}  // namespace qmail
