// A binary mailing list from an :include: file. newinclude(1).
#pragma once
#include <string>
#include <string_view>

#include "core/control/control.h"
#include "core/control/default_hosts.h"

namespace qmail {

/// Reads `list`, writes `list`.tmp and moves it to `list`.bin. Throws Failure and leaves the old `list`.bin.
void new_include(const Control& control, const std::string& list);

/// What the binary list has for a line of the file. Throws Failure (temporary).
std::string include_line(std::string_view line, const DefaultHosts& hosts);

}  // namespace qmail
