#include "core/log/stamp.h"

#include "core/base/text.h"

namespace qmail::log {

std::string stamp(const Moment& moment) {
  constexpr std::size_t microsecond_digits = 6;
  return std::to_string(moment.seconds) + "." +
         zero_padded(static_cast<std::uint64_t>(moment.microseconds), microsecond_digits);
}

}  // namespace qmail::log
