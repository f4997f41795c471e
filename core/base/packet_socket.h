// One end of a SOCK_SEQPACKET pair: whole packets, some with a descriptor, and never a wait. What the socket
// does not take at once waits here, in order.
#pragma once
#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/fd.h"

namespace qmail {

class PacketSocket {
 public:
  struct Packet {
    std::string_view bytes;  ///< valid until the next take()
    Fd attached;             ///< none if none came with it
  };

  /// Packets to take have at most `longest` bytes; a longer one counts as the loss of the connection, as
  /// does an empty one.
  PacketSocket(Fd socket, std::size_t longest)
      : socket_(std::move(socket)),
        longest_(longest),
        buffer_(std::make_unique_for_overwrite<char[]>(longest)) {}

  int fd() const noexcept { return socket_.get(); }

  /// Sends it, behind what waits; sooner or later it goes without `attached` if the system has no room for
  /// descriptors in flight.
  void put(std::string packet, Fd attached = Fd());
  /// Sends what waits, as far as it goes without waiting.
  void flush();
  std::size_t backlog() const { return waiting_.size(); }

  /// The next packet; none if there is none now, or no more: see is_lost().
  std::optional<Packet> take();
  /// The other end is gone, or is not what it should be. Nothing can be sent any more; packets that are still
  /// there can be taken.
  bool is_lost() const { return lost_; }

 private:
  struct Waiting {
    std::string bytes;
    Fd attached;
  };
  bool try_send(const Waiting& packet);

  Fd socket_;
  std::size_t longest_;
  std::unique_ptr<char[]> buffer_;  ///< takes memory only as far as packets fill it
  std::deque<Waiting> waiting_;
  bool lost_ = false;
};

}  // namespace qmail
