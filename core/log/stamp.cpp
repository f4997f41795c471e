#include "core/log/stamp.h"

#include "core/base/text.h"
#include "core/format/tai64n.h"

namespace qmail::log {

std::string stamp(const Moment& moment) {
  constexpr std::size_t microsecond_digits = 6;
  return std::to_string(moment.seconds) + "." +
         zero_padded(static_cast<std::uint64_t>(moment.microseconds), microsecond_digits);
}

std::string tai_stamp(const Moment& moment) {
  constexpr std::int32_t nanoseconds = 1000;
  constexpr std::int32_t half = nanoseconds / 2;  // the middle of the microsecond, as in daemontools
  return tai64n(moment.seconds, moment.microseconds * nanoseconds + half);
}

}  // namespace qmail::log
