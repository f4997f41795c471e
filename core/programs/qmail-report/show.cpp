#include "core/programs/qmail-report/show.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/base/text.h"
#include "core/format/datetime.h"
#include "core/log/activity/record.h"

namespace qmail::report {
namespace {

struct Unit {
  double size;
  std::string_view name;
};

/// `value` in the largest unit that it reaches, with about two digits.
std::string in_units(double value, const auto& units) {
  auto unit = std::find_if(units.begin(), units.end(), [&](const Unit& one) { return value >= one.size; });
  if (unit == units.end()) --unit;
  const double amount = value / unit->size;
  constexpr double few = 9.95;
  const bool is_whole = unit == units.end() - 1 || amount == std::trunc(amount);
  const int digits = !is_whole && amount < few ? 1 : 0;
  return decimal(amount, digits) + std::string(unit->name);
}

}  // namespace

std::string printable(std::string_view text) {
  std::string shown(text);
  std::replace_if(
      shown.begin(), shown.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return shown;
}

std::string grouped(std::uint64_t number) {
  constexpr std::size_t group = 3;
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > group; at -= group) text.insert(at - group, 1, ',');
  return text;
}

std::string size_text(std::uint64_t bytes) {
  static constexpr std::array<Unit, 5> units{
      {{1e12, " TB"}, {1e9, " GB"}, {1e6, " MB"}, {1e3, " kB"}, {1, " B"}}};
  return in_units(static_cast<double>(bytes), units);
}

std::string duration_text(double seconds) {
  static constexpr std::array<Unit, 4> units{{{86400, " days"}, {3600, " h"}, {60, " min"}, {1, " s"}}};
  constexpr double short_time = 10;
  if (seconds < short_time) return decimal(seconds, seconds < 1 ? 3 : 1) + " s";
  return in_units(seconds, units);
}

std::string decimal(double value, int digits) { return activity::fixed(value, digits); }

std::string moment_text(std::int64_t seconds) {
  const DateTime t = DateTime::from(seconds);
  const auto two = [](int value) { return zero_padded(static_cast<std::uint64_t>(value), 2); };
  return zero_padded(static_cast<std::uint64_t>(t.year), 4) + "-" + two(t.month) + "-" + two(t.day) + " " +
         two(t.hour) + ":" + two(t.minute) + ":" + two(t.second);
}

double seconds_of(std::int64_t nanoseconds) { return static_cast<double>(nanoseconds) / 1e9; }

double ratio(double part, std::uint64_t whole) { return whole == 0 ? 0 : part / static_cast<double>(whole); }

}  // namespace qmail::report
