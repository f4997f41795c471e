// Values as people read them, for the text and the page.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace qmail::report {

/// What a log says, without what could command a terminal: only printable ASCII is left.
std::string printable(std::string_view text);
/// "1,234,567"
std::string grouped(std::uint64_t number);
/// "512 B", "1.5 kB", "23 MB"
std::string size_text(std::uint64_t bytes);
/// "0.012 s", "3.4 s", "2.5 min", "1.2 h", "3.1 days"
std::string duration_text(double seconds);
/// Seconds with so many decimals.
std::string decimal(double value, int digits);
/// "2026-11-21 09:05:07", in UTC
std::string moment_text(std::int64_t seconds);
double seconds_of(std::int64_t nanoseconds);
/// `part` / `whole`, 0 if there is no whole.
double ratio(double part, std::uint64_t whole);

}  // namespace qmail::report
