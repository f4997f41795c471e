// Moving messages from the queue log into the stock layout: qmail-queue makes mess, qmail-send the rest, and
// then the log is told. Several go together, because each waits for the disk.
#pragma once
#include <cstdint>
#include <deque>
#include <vector>

#include "core/programs/qmail-send/desk.h"
#include "core/programs/qmail-send/log_link.h"
#include "core/programs/qmail-send/poll_set.h"
#include "core/programs/qmail-send/precedence.h"
#include "core/queue/names.h"

namespace qmail::send {

class Moves {
 public:
  Moves(Desk& desk, queue::Names& names, LogLink& link) : desk_(desk), names_(names), link_(link) {}

  /// Only while it is live.
  void want(const queue::LogMessagePtr& message);
  /// It is in the layout already, as the start has shown; the log is to know.
  void confirm(const queue::LogMessagePtr& message);
  void placed(const queue::link::Placed& notice);
  /// The log has every order up to this one for good.
  void synced(std::uint64_t serial);

  void note_arrival() { precedence_.note_arrival(desk_.now); }
  void note_shortage() { precedence_.note_shortage(desk_.now); }
  /// Tries now what had to wait.
  void hurry();
  void prepare(PollSet& set) const;
  void act();
  /// Those that cannot be moved now are all that is under way.
  bool is_stuck() const { return wanting_.empty() && placing_ == 0 && placed_.empty() && moved_.empty(); }

 private:
  struct Moved {
    std::uint64_t serial;
    queue::LogMessagePtr message;
    bool is_found;  ///< at the start: nothing is known of it
  };
  struct Again {
    std::int64_t when;
    queue::LogMessagePtr message;
  };

  bool can_order() const;
  void order_places();
  bool is_batch_full() const;
  bool has_its_turn() const;
  void move_some();
  void settle(const Moved& moved);
  void try_later(const queue::LogMessagePtr& message);

  Desk& desk_;
  queue::Names& names_;
  LogLink& link_;
  std::deque<queue::LogMessagePtr> wanting_;
  std::size_t placing_ = 0;
  std::deque<queue::LogMessagePtr> placed_;
  std::deque<Moved> moved_;  ///< the first order in front
  std::deque<Again> later_;
  Precedence precedence_;
};

}  // namespace qmail::send
