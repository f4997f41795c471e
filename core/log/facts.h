// What the JSON twin of the log says of a line: the same in members that need no parsing, and what the line
// has no room for. A published interface: qmail-log(5).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/clock.h"
#include "core/log/events.h"

namespace qmail::log {

/// Tells a message from every other one that has, had or will have its number.
struct MessageId {
  std::uint64_t number = 0;
  std::int64_t birth = 0;  ///< in seconds since 1970
  std::int64_t part = 0;   ///< of that second: it tells apart what was born in it, and is below 1000000000
  /// "1795375500.000020345.457"
  std::string text() const;
};

/// Views must last for the call they are given to.
struct Facts {
  std::string_view event;
  std::optional<MessageId> message = std::nullopt;
  std::optional<std::uint64_t> delivery = std::nullopt;
  std::string_view channel = {};
  std::optional<std::string_view> sender = std::nullopt;
  std::string_view recipient = {};
  std::optional<Origin> origin = std::nullopt;  ///< with the sender
  std::string_view message_id = {};             ///< of the header
  std::string_view result = {};                 ///< of a delivery
  std::string_view report = {};
  std::string_view operation = {};  ///< of the administrator
  std::optional<std::uint64_t> qp = std::nullopt;
  std::optional<std::uint64_t> lines = std::nullopt;  ///< that were lost
};

/// One line with its newline. A member that is not known is not there.
std::string twin_line(const Moment& moment, const Facts& facts);
/// For a line that tells of no message: "status", "warning" or "alert", and its text.
std::string twin_line(const Moment& moment, std::string_view line);

}  // namespace qmail::log
