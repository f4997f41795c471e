// The connection to one spawner: requests out, reports in. Neither direction ever makes qmail-send wait.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/base/fd_passing.h"
#include "core/programs/qmail-send/poll_set.h"
#include "core/queue/delivery_protocol.h"

namespace qmail::send {

class SpawnerLink {
 public:
  /// Waits for the spawner to say how many deliveries it can have under way. Throws Failure if it does not.
  SpawnerLink(int requests, int reports);

  /// False once the connection is lost.
  bool is_alive() const { return alive_; }
  std::size_t limit() const { return limit_; }
  /// False while the spawner is slow to take what it was sent.
  bool has_room() const { return pending_.size() < most_pending_bytes; }
  /// `message` goes along if the request says that one is passed.
  void send(const queue::DeliveryRequest& request, Fd message = Fd()) {
    pending_.put(queue::request_bytes(request), std::move(message));
  }

  /// Writes what can be written, and has the rest waited for.
  void prepare(PollSet& set);
  /// The reports that have come; is_alive() may be false afterwards.
  std::vector<queue::DeliveryReport> act(const PollSet& set);

 private:
  static constexpr std::size_t most_pending_bytes = 4096;
  std::vector<queue::DeliveryReport> read();

  int requests_, reports_;
  queue::Slot limit_;
  bool alive_ = true;
  Outbox pending_;
  queue::ReportReader reader_;
};

}  // namespace qmail::send
