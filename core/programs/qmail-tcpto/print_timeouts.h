// The table of hosts that time out, one a line. qmail-tcpto(8).
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/io.h"
#include "core/queue/timeout_table.h"

namespace qmail {

void print_timeouts(const std::vector<queue::Timeout>& timeouts, std::int64_t now, Writer& out);

/// "fatal: WHY" on standard output, which is where stock qmail-tcpto says it.
void report_on_output(const std::string& why);

}  // namespace qmail
