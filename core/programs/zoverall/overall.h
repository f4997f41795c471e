// Messages, deliveries and delays of a whole log. zoverall(1).
#pragma once
#include "core/base/io.h"

namespace qmail {

/// Reads what matchup(1) wrote. Throws Failure.
void print_overall(int in, Writer& out);

}  // namespace qmail
