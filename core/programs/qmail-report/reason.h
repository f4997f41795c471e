// What a line or a report says, without what differs from one delivery to the next, so that equal reasons
// count as one.
#pragma once
#include <string>
#include <string_view>

namespace qmail::report {

/// Addresses, IP addresses and long numbers are replaced by what they are.
std::string general_line(std::string_view line);
/// The same of a delivery's report, as the log shows it: with blanks for _, and / between its lines.
std::string general_reason(std::string_view report);

}  // namespace qmail::report
