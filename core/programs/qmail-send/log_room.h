// The messages that the resident qmail-queue keeps in the queue log: taken in, ended there, bounced, and
// moved into the stock layout when they are not over soon or qmail-send is to end.
#pragma once
#include <cstdint>
#include <deque>
#include <vector>

#include "core/programs/qmail-send/moves.h"
#include "core/programs/qmail-send/outcomes.h"

namespace qmail::send {

class LogRoom {
 public:
  LogRoom(Desk& desk, queue::Names& names, LogLink& link, Outcomes& outcomes)
      : desk_(desk), names_(names), link_(link), outcomes_(outcomes), moves_(desk, names, link) {}

  /// What an earlier qmail-send left in the log is not all known yet: nothing else may be done.
  bool is_replaying() const { return link_.is_open() && !is_live_; }
  /// Nothing is left in the log, and the log knows it for good; or there is none.
  bool can_exit() const;
  /// Something is left in the log that should not be.
  bool is_incomplete() const { return is_lost_ || desk_.log_mail.size() > 0; }

  /// What could not be moved is tried again now.
  void hurry() { moves_.hurry(); }
  /// It is to go into the layout, whatever comes of it.
  void move(const queue::LogMessagePtr& message) {
    if (message->stage == queue::LogMessage::Stage::live) moves_.want(message);
  }
  void prepare(PollSet& set);
  /// What has come from qmail-queue, at the beginning of the round.
  void take_notices(const PollSet& set);
  /// What follows from that and from the deliveries, at its end.
  void act();

 private:
  using Message = queue::LogMessagePtr;

  void take(const queue::link::New& notice, Fd body);
  void take(const queue::link::Earlier& notice, Fd);
  void take(const queue::link::Live&, Fd);
  void take(const queue::link::Written& notice, Fd) { outcomes_.confirm(notice.serial); }
  void take(const queue::link::Synced& notice, Fd);
  void take(const queue::link::Body& notice, Fd body);
  void take(const queue::link::Placed& notice, Fd) { moves_.placed(notice); }
  void take(const queue::link::Leave& notice, Fd);
  void take(const queue::link::Drained&, Fd) { is_drained_ = true; }

  std::string find_message_id(queue::LogMessage& message) const;
  static void begin_attempts(queue::LogMessage& message);
  void schedule_replayed();
  void schedule(const Message& message);
  bool has_remains(queue::Number number) const;
  void begin_to_leave();
  void move_the_old();
  void consider(const Message& message);
  void bounce(const Message& message);
  void get_body(const Message& message);
  void lose_link();

  Desk& desk_;
  queue::Names& names_;
  LogLink& link_;
  Outcomes& outcomes_;
  Moves moves_;
  bool is_live_ = false;
  bool is_leaving_ = false;
  bool is_drained_ = false;
  bool is_lost_ = false;
  std::uint64_t synced_ = 0;
  std::deque<Message> replayed_;          ///< that have not had their turn
  std::deque<Message> arrivals_;          ///< those that may become old, the first in front
  std::vector<Message> before_bouncing_;  ///< their failures are not durable yet
};

}  // namespace qmail::send
