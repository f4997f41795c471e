// A message dated in local time, for people who want to show what time it is where they are. predate(1).
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace qmail {

/// "Date: 21 Nov 2026 10:05:07 +0100", with a newline, in the time zone that TZ or /etc/localtime says.
std::string local_date_field(std::int64_t now);

/// Runs `argv` with that field and then all of `in` as its input, and returns its exit code. Throws Failure
/// if it cannot be started or is killed.
int predate(const std::vector<std::string>& argv, std::int64_t now, int in);

}  // namespace qmail
