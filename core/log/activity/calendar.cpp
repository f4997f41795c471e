#include "core/log/activity/calendar.h"

#include <chrono>
#include <time.h>

#include "core/format/datetime.h"

namespace qmail::activity {
namespace {

bool exists(const LocalDate& date) {
  using namespace std::chrono;
  return year_month_day{year{date.year}, month{static_cast<unsigned>(date.month)},
                        day{static_cast<unsigned>(date.day)}}
      .ok();
}

std::int64_t start_of(const LocalDate& date) {
  tm parts{};
  parts.tm_year = date.year - 1900;
  parts.tm_mon = date.month - 1;
  parts.tm_mday = date.day;
  parts.tm_hour = date.hour;
  parts.tm_isdst = -1;
  return ::mktime(&parts);
}

bool same_hour(const LocalDate& a, const LocalDate& b) {
  return a.year == b.year && a.month == b.month && a.day == b.day && a.hour == b.hour;
}

}  // namespace

std::int64_t SystemCalendar::hour_start(const LocalDate& date) const {
  if (date.year != 0) return start_of(date);
  constexpr std::int64_t day = 24 * 60 * 60;
  constexpr int longest_gap = 8;  // years between two days of February 29
  LocalDate tried = date;
  const auto this_year = static_cast<int>(DateTime::from(now_ + day).year);
  for (tried.year = this_year; tried.year > this_year - longest_gap; --tried.year)
    if (exists(tried) && start_of(tried) <= now_ + day) return start_of(tried);
  return -1;
}

std::int64_t SystemCalendar::seconds(const LocalDate& date) {
  // The zone's rules take longer to ask than all else about a line.
  if (!same_hour(date, last_)) {
    last_start_ = hour_start(date);
    last_ = date;
  }
  return last_start_ < 0 ? -1 : last_start_ + date.minute * 60 + date.second;
}

}  // namespace qmail::activity
