// How soon so many in a hundred deliveries had succeeded. zddist(1).
#pragma once
#include "core/base/io.h"

namespace qmail {

/// Reads what matchup(1) wrote. Throws Failure.
void print_delays(int in, Writer& out);

}  // namespace qmail
