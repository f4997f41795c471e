#include "core/format/datetime.h"

#include <chrono>

#include "core/base/text.h"

namespace qmail {
namespace {

constexpr std::array<std::string_view, 7> weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

std::string two(int value) { return zero_padded(static_cast<std::uint64_t>(value), 2); }
std::string time_of(const DateTime& t) { return two(t.hour) + ":" + two(t.minute) + ":" + two(t.second); }
std::string month_of(const DateTime& t) {
  return std::string(month_names.at(static_cast<std::size_t>(t.month - 1)));
}

}  // namespace

DateTime DateTime::from(std::int64_t seconds) {
  using namespace std::chrono;
  const sys_seconds moment{std::chrono::seconds{seconds}};
  const sys_days midnight = floor<days>(moment);
  const year_month_day date{midnight};
  const auto of_day = static_cast<int>((moment - midnight).count());
  return {.year = static_cast<int>(date.year()),
          .month = static_cast<int>(static_cast<unsigned>(date.month())),
          .day = static_cast<int>(static_cast<unsigned>(date.day())),
          .weekday = static_cast<int>(std::chrono::weekday{midnight}.c_encoding()),
          .hour = of_day / 3600,
          .minute = of_day / 60 % 60,
          .second = of_day % 60};
}

std::string rfc5322_date(std::int64_t seconds) {
  const DateTime t = DateTime::from(seconds);
  return std::to_string(t.day) + " " + month_of(t) + " " + std::to_string(t.year) + " " + time_of(t) +
         " -0000";
}

std::string mbox_date(std::int64_t seconds) {
  const DateTime t = DateTime::from(seconds);
  return std::string(weekdays.at(static_cast<std::size_t>(t.weekday))) + " " + month_of(t) + " " +
         two(t.day) + " " + time_of(t) + " " + std::to_string(t.year);
}

}  // namespace qmail
