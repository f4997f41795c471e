// What the resident qmail-queue and qmail-send say to each other about the messages in the queue log, one
// packet each, through a SOCK_SEQPACKET pair that qmail-start makes. docs/internals/queue.md has the bytes.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <variant>

#include "core/queue/layout.h"

namespace qmail::queue::link {

/// Where qmail-send has its end; qmail-queue has the other as descriptor 0. Without a log it is not open.
inline constexpr int send_descriptor = 7;

/// No packet is longer: an envelope beyond longest_envelope does not go into the log.
inline constexpr std::size_t longest_packet = std::size_t{128} << 10;
inline constexpr std::size_t longest_envelope = std::size_t{104} << 10;

// From qmail-queue. Views point into the packet.

/// A message is in the log. A descriptor may come with it: a sealed memfd that holds the message.
/// `replayed`: it was found there at the start, and what was known of it follows as Earlier. Then
/// info/<id> may exist: the message belongs to the layout already, and the answer is Moved.
struct New {
  Number id = 0;
  std::int64_t birth = 0;
  std::uint64_t qp = 0;
  uid_t uid = 0;
  std::uint64_t size = 0;  ///< of the message, in bytes, with the line that qmail-queue put in front
  bool replayed = false;
  std::string_view envelope = {};  ///< "F<sender>\0" and "T<recipient>\0" for each recipient, well-formed
};
/// What came of a recipient (numbered from 0 in the order of the envelope) before the start: 'K' or 'D'.
struct Earlier {
  Number id = 0;
  std::uint32_t index = 0;
  char kind = 'K';
  std::string_view text = {};
};
/// All that was in the log at the start has been told, or there is no log to be had. Sent once.
struct Live {};
/// All orders up to this one are in the log: they outlive any process.
struct Written {
  std::uint64_t serial = 0;
};
/// All orders up to this one are durable: they outlive a loss of power.
struct Synced {
  std::uint64_t serial = 0;
};
/// Answers Get; without a descriptor: it could not be had, now.
struct Body {
  Number id = 0;
};
/// Answers Place: 0, and mess/<split>/<id> is there and durable; or the errno that says why not.
struct Placed {
  Number id = 0;
  std::uint32_t error = 0;
};
/// Answers Drain: no more New will come.
struct Drained {};

/// The message is to move into the layout: the log needs the room behind it.
struct Leave {
  Number id = 0;
};

using Notice = std::variant<New, Earlier, Live, Written, Synced, Body, Placed, Drained, Leave>;

// From qmail-send. Serials rise by any step.

/// What came of a delivery: 'K' or 'D' and the text to log.
struct Outcome {
  std::uint64_t serial = 0;
  Number id = 0;
  std::uint32_t index = 0;
  char kind = 'K';
  std::string_view text = {};
};
/// Nothing is left to do for the message; where only one recipient was left this says that it succeeded.
struct Ended {
  std::uint64_t serial = 0;
  Number id = 0;
};
/// Write mess/<split>/<id>.
struct Place {
  std::uint64_t serial = 0;
  Number id = 0;
};
/// The message belongs to the layout: its info is there and durable.
struct Moved {
  std::uint64_t serial = 0;
  Number id = 0;
};
/// Send a new memfd that holds the message.
struct Get {
  std::uint64_t serial = 0;
  Number id = 0;
};
/// Take no more messages; finish what is being taken.
struct Drain {
  std::uint64_t serial = 0;
};

using Order = std::variant<Outcome, Ended, Place, Moved, Get, Drain>;

std::uint64_t serial_of(const Order& order);

std::string packet(const Notice& notice);
std::string packet(const Order& order);
/// None if it is none: the other side is not what it should be.
std::optional<Notice> parse_notice(std::string_view packet);
std::optional<Order> parse_order(std::string_view packet);

}  // namespace qmail::queue::link
