#include "core/format/tai64n.h"

#include <charconv>

namespace qmail {
namespace {

constexpr std::size_t seconds_digits = 16;
constexpr std::size_t nanoseconds_digits = 8;
constexpr std::uint64_t tai_of_1970 = (std::uint64_t{1} << 62) + 10;
constexpr std::uint64_t nanoseconds_a_second = 1'000'000'000;

std::string hex(std::uint64_t value, std::size_t width) {
  std::string digits(width, '0');
  for (; width > 0; value >>= 4) digits[--width] = "0123456789abcdef"[value & 0xf];
  return digits;
}

std::optional<std::uint64_t> take_hex(std::string_view& in, std::size_t width) {
  const std::string_view digits = in.substr(0, width);
  if (digits.size() < width || digits.find_first_not_of("0123456789abcdef") != std::string_view::npos)
    return std::nullopt;
  std::uint64_t value = 0;
  std::from_chars(digits.data(), digits.data() + width, value, 16);
  in.remove_prefix(width);
  return value;
}

}  // namespace

std::string tai64n(std::int64_t seconds, std::int32_t nanoseconds) {
  return "@" + hex(tai_of_1970 + static_cast<std::uint64_t>(seconds), seconds_digits) +
         hex(static_cast<std::uint64_t>(nanoseconds), nanoseconds_digits);
}

std::optional<LogTime> take_tai64n(std::string_view& in) {
  std::string_view rest = in;
  if (!rest.starts_with('@')) return std::nullopt;
  rest.remove_prefix(1);
  const auto seconds = take_hex(rest, seconds_digits);
  const auto nanoseconds = seconds ? take_hex(rest, nanoseconds_digits) : std::nullopt;
  if (!nanoseconds || *nanoseconds >= nanoseconds_a_second || *seconds < tai_of_1970 ||
      *seconds - tai_of_1970 > latest_log_time)
    return std::nullopt;
  in = rest;
  return LogTime{static_cast<std::int64_t>(*seconds - tai_of_1970), static_cast<std::int32_t>(*nanoseconds),
                 9};
}

}  // namespace qmail
