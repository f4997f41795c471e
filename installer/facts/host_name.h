// The full name of a machine from what its own files say; DNS is not asked.
#pragma once
#include <string>
#include <string_view>

namespace qmail::facts {

/// `name` if it has a dot; else the first name with a dot that stands in a line of `hosts` (/etc/hosts) with
/// it; else `name` and the first domain of `resolv` (/etc/resolv.conf); else `name`. In lower case.
std::string full_name(std::string_view name, std::string_view hosts, std::string_view resolv);

/// Dot-separated labels of letters, digits and inner hyphens: RFC 1123.
bool is_host_name(std::string_view name);

}  // namespace qmail::facts
