// What came of the deliveries: written to the log, kept in the store, told to the message's job. Of a message
// in the queue log the outcome is first written there: it is logged and acted on when qmail-queue has
// confirmed that, so that a crash repeats no delivery that was seen to end.
#pragma once
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/programs/qmail-send/jobs.h"
#include "core/programs/qmail-send/log_link.h"

namespace qmail::send {

/// One recipient's.
struct Delivery {
  JobPtr job;
  std::uint64_t number = 0;    ///< in the log
  std::uint64_t position = 0;  ///< in the list of recipients
  std::string recipient = {};
  /// Runs, and counts, until the outcomes of all who share it are logged: no more than that many are repeated
  /// after a crash.
  std::shared_ptr<log::Load> transaction = {};

  /// What the twin of the log says of it.
  log::Facts facts(std::string_view event, std::string_view result = {}, std::string_view report = {}) const;
};

class Outcomes {
 public:
  Outcomes(Desk& desk, Jobs& jobs, LogLink& link) : desk_(desk), jobs_(jobs), link_(link) {}

  /// `report` as the spawner gave it: a letter and a text. False if the queue log must confirm it first: then
  /// lines for the log follow later, the status line among them.
  bool take(Delivery delivery, std::string_view report);
  /// Nothing is left to do for this message of the queue log.
  void end(const queue::LogMessagePtr& message);
  /// The queue log has every order up to this one.
  void confirm(std::uint64_t serial);
  /// There is no queue log any more: nothing will be confirmed.
  void confirm_all() { confirm(static_cast<std::uint64_t>(-1)); }
  bool has_unconfirmed() const { return !unconfirmed_.empty(); }
  /// Once a round, after the last take().
  void settle();

 private:
  enum class Kind { success, failure, end };
  /// One that the queue log has been told of.
  struct Unconfirmed {
    std::uint64_t serial = 0;
    Kind kind = Kind::success;
    queue::LogMessagePtr message = nullptr;
    Delivery delivery = {};  ///< without a job: the message merely ends
    std::string report = {};
    std::string note = {};  ///< for the bounce
  };

  void defer(Delivery delivery, char letter, std::string_view text);
  void succeed(Delivery delivery, std::string_view report);
  void fail(Delivery delivery, std::string_view report);
  void tell_of_success(Delivery delivery, std::string_view report);
  void tell_of_failure(Delivery delivery, std::string_view report, std::string note);
  bool goes_to_log(const Delivery& delivery) const;
  bool ends_message(const Delivery& delivery) const;
  void act_on(Unconfirmed outcome);
  void log_and_keep(Delivery delivery, const Unconfirmed& outcome);
  void note_failure(Delivery delivery, std::string_view note);
  void mark_done(const Delivery& delivery);

  Desk& desk_;
  Jobs& jobs_;
  LogLink& link_;
  std::deque<Unconfirmed> unconfirmed_;  ///< the first order in front
  std::vector<Delivery> failed_;         ///< whose notes are written but not yet synced
};

}  // namespace qmail::send
