// The connection to the resident qmail-queue, which keeps the queue log: orders out, notices in, many to a
// call. core/queue/link.h has the packets.
#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "core/base/fd.h"
#include "core/programs/qmail-send/poll_set.h"
#include "core/queue/link.h"

namespace qmail::send {

class LogLink {
 public:
  /// `fd`, which stays the caller's, may be no such connection: then there is no log.
  explicit LogLink(int fd);

  /// False if there never was one, or if it is lost.
  bool is_open() const { return open_; }

  /// Gives the order the next serial, which is returned, and keeps it until flush().
  template <typename Order>
  std::uint64_t give(Order order) {
    order.serial = ++serial_;
    orders_.push_back(queue::link::packet(queue::link::Order(order)));
    return serial_;
  }
  std::uint64_t last_serial() const { return serial_; }

  /// Sends what can be sent, and has the rest waited for.
  void prepare(PollSet& set);
  using Take = std::function<void(const queue::link::Notice&, Fd)>;
  /// Hands over what has come; is_open() may be false afterwards.
  void act(const PollSet& set, const Take& take);

 private:
  struct Inbox;
  void flush();
  bool receive(const Take& take);

  int fd_;
  bool open_;
  std::uint64_t serial_ = 0;
  std::deque<std::string> orders_;
  std::shared_ptr<Inbox> inbox_;  ///< shared: a complete type is not needed here
};

}  // namespace qmail::send
