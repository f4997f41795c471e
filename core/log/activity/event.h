// What a line of qmail-send tells of messages and deliveries: the reading side of core/log/events.h.
// qmail-log(5).
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

namespace qmail::activity {

using Number = std::uint64_t;

/// How a delivery ended, by the letter that matchup(1) writes.
enum class Outcome : char { success = 'k', failure = 'd', deferral = 'z' };

/// "starting delivery 1: msg 53 to local me@domain.example"
struct Started {
  Number delivery = 0, message = 0;
  std::string_view channel = {}, recipient = {};
};
/// "delivery 1: success: did_1+0+0/"
struct Finished {
  Number delivery = 0;
  Outcome outcome = Outcome::success;
  std::string_view reason = {};
};
/// "new msg 53"
struct NewMessage {
  Number message = 0;
};
/// "info msg 53: bytes 246 from <me@domain.example> qp 20345 uid 666"
struct Info {
  Number message = 0, bytes = 0;
  std::string_view sender = {};  ///< with its angle brackets
  Number qp = 0, uid = 0;
};
/// "extra 53 1 0 0": what matchup knew of a message when it last ended.
struct Tally {
  Number message = 0, successes = 0, deferrals = 0, failures = 0;
};
/// "end msg 53"
struct EndOfMessage {
  Number message = 0;
};
/// "running" and "exiting", of the first qmails: no delivery runs.
struct Restarted {};
/// "status: ..." and the like.
struct Status {};
/// "warning: ..." and "alert: ..."
struct Trouble {};

using Event =
    std::variant<Started, Finished, NewMessage, Info, Tally, EndOfMessage, Restarted, Status, Trouble>;

/// None if qmail-send does not write this, or if nothing is to be learned from it. Words behind those that
/// are known do no harm. Views are of `text`.
std::optional<Event> parse_event(std::string_view text);

}  // namespace qmail::activity
