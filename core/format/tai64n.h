// A moment as daemontools writes it: "@", the seconds in 16 hexadecimal digits and the nanoseconds in 8. Read
// by whatever reads logs, written by multilog and tai64n. cr.yp.to/libtai/tai64.html.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "core/format/log_line.h"

namespace qmail {

inline constexpr std::size_t tai64n_size = 25;

/// "@400000003d1d5a2f0a1b2c3d". Ten seconds ahead of 1970, whatever the leap seconds since: as daemontools
/// does.
std::string tai64n(std::int64_t seconds, std::int32_t nanoseconds);

/// Takes one off the front of `in`; on nullopt `in` is unchanged.
std::optional<LogTime> take_tai64n(std::string_view& in);

}  // namespace qmail
