// Carries bytes between a TLS connection and the socket with the plain text, in both directions, until both
// have ended. What waits is bounded: one block each way.
#pragma once
#include <array>
#include <cstddef>
#include <optional>
#include <poll.h>
#include <string_view>

#include "core/base/clock.h"
#include "core/base/deadline.h"
#include "core/base/fd.h"
#include "ucspi/lib/tls/owned.h"

namespace qmail::ucspi {

/// The connection's descriptors, which must not block.
struct NetworkEnds {
  Fd in = Fd();
  Fd out = Fd();
};

class Relay {
 public:
  /// How a connection ended.
  enum class End {
    complete,  ///< each side has heard that the other has no more to say
    cut,       ///< the other side went away without a word: what it has sent may not be all
    lost,      ///< or something failed
  };

  Relay(SSL* connection, const NetworkEnds& network, Fd plain, const Clock& clock)
      : connection_(connection), network_(network), plain_(std::move(plain)), clock_(clock) {}

  End run();

 private:
  /// A record's worth, which is what the library reads and writes at once.
  struct Block {
    std::array<char, 16384> bytes;
    std::size_t begin = 0, end = 0;
    bool is_empty() const { return begin == end; }
  };

  void read_network();
  void write_plain();
  void read_plain();
  void write_network();
  void say_goodbye();
  /// What a call of the library on the connection has to wait for. True if it only has to wait.
  bool note_need(int result);
  void end_network(End how);
  bool is_over() const;
  void wait();
  void look_at(const pollfd& plain);

  SSL* connection_;
  const NetworkEnds& network_;
  Fd plain_;
  const Clock& clock_;

  Block to_plain_, to_network_;
  bool network_ended_ = false;  ///< nothing more comes from it
  bool plain_ended_ = false;    ///< nothing more comes from it
  bool plain_told_ = false;     ///< it knows that the network has ended
  bool plain_gone_ = false;     ///< nobody reads there any more
  bool said_goodbye_ = false;   ///< close_notify is sent
  bool network_lost_ = false;   ///< nothing can be sent there any more
  End end_ = End::complete;
  /// Once nobody is there any more for whom the connection is carried.
  std::optional<Deadline> closing_;
  unsigned closing_seconds_ = 0;  ///< what it was given
  // of this round
  bool need_in_ = false, need_out_ = false;
  short plain_events_ = 0;
};

}  // namespace qmail::ucspi
