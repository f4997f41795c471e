// Open descriptors that travel with bytes through a Unix socket (SCM_RIGHTS). unix(7).
// On a stream the descriptors arrive in the order they were sent, each no later than the first byte it was
// sent with.
#pragma once
#include <cstddef>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <vector>

#include "core/base/fd.h"

namespace qmail {

/// Two connected Unix sockets, which close on exec. make() throws Failure.
struct SocketPair {
  Fd one;
  Fd other;
  static SocketPair make(int type = SOCK_STREAM);
  static std::optional<SocketPair> try_make(int type = SOCK_STREAM);  ///< none with errno set
};

/// The most descriptors one call sends; the kernel's own limit is 253.
inline constexpr std::size_t most_passed_at_once = 64;

/// As sendmsg(2), without SIGPIPE: sends some of `bytes` (not empty) and, if any byte went, all of `fds`, of
/// which there are most_passed_at_once or fewer. `fd` may be a pipe if there are none. -1 and errno.
ssize_t send_with_fds(int fd, std::string_view bytes, std::span<const int> fds, int flags = 0);

/// As recvmsg(2), or as read(2) where `fd` is no socket; appends what came with the bytes to `fds`. -1 and
/// EPROTO if more came than could be taken: then nobody knows any more which belongs to what, and none of
/// them is kept.
ssize_t receive_with_fds(int fd, std::span<char> bytes, std::vector<Fd>& fds, int flags = 0);

/// True of an errno after which sending again can succeed.
bool is_only_slow(int error);

/// Bytes, some of them with a descriptor, that wait until a stream socket (or a pipe, for bytes alone) that
/// must not block takes them.
class Outbox {
 public:
  /// `passed`, if it is one, goes with these bytes: not later than the first of them. Whoever sends through a
  /// pipe has none to pass.
  void put(std::string_view bytes, Fd passed = Fd());
  bool is_empty() const { return bytes_.empty(); }
  std::size_t size() const { return bytes_.size(); }
  /// Sends what `fd` takes now. False if nobody will ever take it.
  [[nodiscard]] bool send(int fd);

 private:
  struct Passed {
    std::size_t at;  ///< the byte it goes with
    Fd fd;
  };
  std::string bytes_;
  std::deque<Passed> passed_;
};

}  // namespace qmail
