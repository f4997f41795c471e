// Netstrings: "5:hello,". https://cr.yp.to/proto/netstrings.txt
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace qmail {

/// Takes one netstring off the front of `in`. On nullopt `in` is unchanged: it is
/// malformed, longer than `limit`, or cut short.
std::optional<std::string_view> take_netstring(std::string_view& in, std::size_t limit);

std::string netstring(std::string_view body);

}  // namespace qmail
