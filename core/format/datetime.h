// Dates as qmail writes them, always in UTC. RFC 5322 section 3.3.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace qmail {

inline constexpr std::array<std::string_view, 12> month_names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// A moment taken apart, in UTC.
struct DateTime {
  std::int64_t year;
  int month;    ///< 1 to 12
  int day;      ///< 1 to 31
  int weekday;  ///< 0: Sunday
  int hour, minute, second;
  static DateTime from(std::int64_t seconds);
};

/// "21 Nov 2026 09:05:07 -0000": the date of Received and Date fields.
std::string rfc5322_date(std::int64_t seconds);
/// "Sat Nov 21 09:05:07 2026": the date of an mbox From_ line, as ctime(3) without the newline.
std::string mbox_date(std::int64_t seconds);

}  // namespace qmail
