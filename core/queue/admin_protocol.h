// What qmail-qctl asks of qmail-send, which owns the queue, and what it is answered: one packet each, through
// a SOCK_SEQPACKET socket in a folder that only root and qmail-send can enter. docs/internals/queue.md has
// the bytes.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/queue/layout.h"

namespace qmail::queue::admin {

/// Of messages in one request: as many as qmail-send can see to between two deliveries.
inline constexpr std::size_t most_targets = 1024;
inline constexpr std::size_t longest_reason = 1024;
inline constexpr std::size_t longest_packet = std::size_t{32} << 10;

enum class Operation : unsigned char { retry, hold, release, remove, bounce };
inline constexpr std::size_t operations = 5;
/// "retry", "hold", "release", "delete", "bounce": the words of qmail-qctl(8) and qmail-log(5).
std::string_view name_of(Operation operation);

/// A message as whoever asks has seen it. Numbers are used again: one with another birth or sender is
/// another message, and nothing happens to it.
struct Target {
  Number number = 0;
  std::int64_t birth = 0;
  std::uint32_t sender_sum = 0;
  bool operator==(const Target&) const = default;
};
std::uint32_t sum_of(std::string_view sender);

struct Request {
  Operation operation = Operation::retry;
  std::string reason = {};  ///< of a bounce, for the sender
  std::vector<Target> targets = {};
};

/// What came of it for one message.
enum class Result : unsigned char {
  done,     ///< and durable
  running,  ///< the same, but for recipients whose deliveries run: what is deferred follows then
  held,     ///< a message that is held is not tried: release it
  unknown,  ///< there is no such message
  busy,     ///< is just being taken in, or on its way out of the queue log: ask again
  trouble,  ///< the log of qmail-send says why
  last_result = trouble
};
using Reply = std::vector<Result>;  ///< in the order of the targets

std::string packet(const Request& request);
std::string packet(const Reply& reply);
/// None: it is none, or has more of something than it may.
std::optional<Request> parse_request(std::string_view packet);
std::optional<Reply> parse_reply(std::string_view packet);

}  // namespace qmail::queue::admin
