// The socket on which qmail-send takes the administrator's orders. Only root and qmail-send itself can get at
// it; still nobody there can hold the deliveries up: nothing waits for a client, each has one request at a
// time, and there are few.
#pragma once
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "core/base/packet_socket.h"
#include "core/programs/qmail-send/orders.h"
#include "core/programs/qmail-send/poll_set.h"

namespace qmail::send {

class AdminRoom {
 public:
  /// Listens, where the queue has a folder for that; without one it is as if nobody asked.
  AdminRoom(Desk& desk, const queue::Layout& layout, Orders& orders);
  ~AdminRoom();
  AdminRoom(const AdminRoom&) = delete;

  void prepare(PollSet& set);
  void act(const PollSet& set);

 private:
  struct Client {
    PacketSocket socket;
    std::int64_t until;  ///< when it has been silent for too long, or its request waited long enough
    std::optional<queue::admin::Request> request = {};
    std::vector<queue::admin::Target> on_their_way = {};

    bool may_ask() const { return !request && socket.backlog() == 0; }
  };

  void welcome();
  void hear(Client& client);
  bool is_ready(Client& client);
  void serve_one();

  Desk& desk_;
  const queue::Layout& layout_;
  Orders& orders_;
  Fd listener_;
  std::int64_t deaf_until_ = 0;  ///< there were no descriptors left
  std::deque<Client> clients_;   ///< in the order of their turns
};

}  // namespace qmail::send
