#include <algorithm>
#include <chrono>

#include "core/base/text.h"
#include "core/format/datetime.h"
#include "core/format/log_line.h"
#include "core/format/tai64n.h"

namespace qmail {
namespace {

using Text = std::string_view;

constexpr std::size_t most_digits = 9;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool take(Text& in, char c) {
  if (!in.starts_with(c)) return false;
  in.remove_prefix(1);
  return true;
}

/// Exactly `width` digits.
std::optional<int> take_digits(Text& in, std::size_t width) {
  const Text digits = in.substr(0, width);
  if (digits.size() < width || !std::all_of(digits.begin(), digits.end(), is_digit)) return std::nullopt;
  in.remove_prefix(width);
  return static_cast<int>(*parse_number<unsigned>(digits));
}

/// ".123456", or nothing at all. Digits beyond the ninth are passed over.
bool take_fraction(Text& in, LogTime& time) {
  Text rest = in;
  if (!take(rest, '.')) return true;
  const std::size_t count = std::min(rest.find_first_not_of("0123456789"), rest.size());
  if (count == 0) return false;
  time.digits = static_cast<std::uint8_t>(std::min(count, most_digits));
  for (std::size_t i = 0; i < most_digits; ++i)
    time.nanoseconds = time.nanoseconds * 10 + (i < count ? rest[i] - '0' : 0);
  in = rest.substr(count);
  return true;
}

/// "862161420.000691".
std::optional<LogTime> take_decimal(Text& in) {
  Text rest = in;
  LogTime time;
  const auto seconds = take_number<std::uint64_t>(rest);
  if (!seconds || *seconds > latest_log_time || (in[0] == '0' && *seconds > 0)) return std::nullopt;
  if (in.starts_with("00") || !take_fraction(rest, time)) return std::nullopt;
  time.seconds = static_cast<std::int64_t>(*seconds);
  in = rest;
  return time;
}

/// "21:09:05".
bool take_time_of_day(Text& in, LocalDate& date) {
  const auto part = [&in](int& value, int limit) {
    const auto digits = take_digits(in, 2);
    value = digits.value_or(limit);
    return value < limit;
  };
  constexpr int seconds_with_leap = 61;
  return part(date.hour, 24) && take(in, ':') && part(date.minute, 60) && take(in, ':') &&
         part(date.second, seconds_with_leap);
}

/// "Z", "+02:00", "-0330": how many seconds it is ahead of UTC.
std::optional<int> take_zone(Text& in) {
  if (take(in, 'Z')) return 0;
  const int sign = in.starts_with('-') ? -1 : 1;
  Text rest = in;
  if (!take(rest, '+') && !take(rest, '-')) return std::nullopt;
  const auto hours = take_digits(rest, 2);
  take(rest, ':');
  const auto minutes = hours ? take_digits(rest, 2) : std::nullopt;
  if (!minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  in = rest;
  return sign * (*hours * 3600 + *minutes * 60);
}

std::optional<std::int64_t> seconds_in_utc(const LocalDate& date) {
  using namespace std::chrono;
  const year_month_day day{year{date.year}, month{static_cast<unsigned>(date.month)},
                           std::chrono::day{static_cast<unsigned>(date.day)}};
  if (!day.ok()) return std::nullopt;
  return (sys_days{day}.time_since_epoch() + hours{date.hour} + minutes{date.minute} + seconds{date.second}) /
         seconds{1};
}

/// "2026-11-21T09:05:07.123456+01:00", with a blank for the T, without fraction, without zone.
std::optional<LogTime> take_iso(Text& in, Calendar& calendar) {
  Text rest = in;
  LocalDate date;
  LogTime time;
  const auto part = [&rest](int& value, std::size_t width) {
    value = take_digits(rest, width).value_or(0);
    return value > 0;
  };
  if (!part(date.year, 4) || !take(rest, '-') || !part(date.month, 2) || !take(rest, '-') ||
      !part(date.day, 2) || (!take(rest, 'T') && !take(rest, ' ')) || !take_time_of_day(rest, date) ||
      !take_fraction(rest, time))
    return std::nullopt;
  const auto in_utc = seconds_in_utc(date);
  if (!in_utc) return std::nullopt;
  const auto zone = take_zone(rest);
  time.seconds = zone ? *in_utc - *zone : calendar.seconds(date);
  if (time.seconds < 0) return std::nullopt;
  in = rest;
  return time;
}

/// "Nov 21 09:05:07", "Nov  1 09:05:07.123456".
std::optional<LogTime> take_rfc3164(Text& in, Calendar& calendar) {
  const auto month = std::find(month_names.begin(), month_names.end(), in.substr(0, 3));
  if (month == month_names.end()) return std::nullopt;
  Text rest = in.substr(3);
  if (!take(rest, ' ')) return std::nullopt;
  const auto day = take_digits(rest, take(rest, ' ') ? 1 : 2);
  LocalDate date{.month = static_cast<int>(month - month_names.begin()) + 1, .day = day.value_or(0)};
  LogTime time;
  if (date.day < 1 || date.day > 31 || !take(rest, ' ') || !take_time_of_day(rest, date) ||
      !take_fraction(rest, time))
    return std::nullopt;
  time.seconds = calendar.seconds(date);
  if (time.seconds < 0) return std::nullopt;
  in = rest;
  return time;
}

std::optional<LogTime> take_any(Text& in, Calendar& calendar) {
  if (in.starts_with('@')) return take_tai64n(in);
  if (in.empty() || !is_digit(in[0])) return take_rfc3164(in, calendar);
  if (in.size() > 4 && in[4] == '-') return take_iso(in, calendar);
  return take_decimal(in);
}

}  // namespace

std::string LogTime::text() const {
  std::string text = std::to_string(seconds);
  if (digits == 0) return text;
  return text + '.' + zero_padded(static_cast<std::uint64_t>(nanoseconds), most_digits).substr(0, digits);
}

std::optional<LogTime> take_log_time(Text& in, Calendar& calendar) {
  Text rest = in;
  const auto time = take_any(rest, calendar);
  if (!time || (!rest.empty() && rest[0] != ' ' && rest[0] != '\t')) return std::nullopt;
  in = rest;
  return time;
}

}  // namespace qmail
