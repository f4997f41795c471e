// Lines of a log as syslog takes them. splogger(8).
#pragma once
#include <functional>
#include <string>

#include "core/base/clock.h"

namespace qmail {

/// Reads lines from `in` to its end and gives each, with the time before it, to `send`; a long line in
/// several pieces. `priority` is one of syslog.h's. A last line without newline is dropped.
void log_lines(int in, const Clock& clock,
               const std::function<void(int priority, const std::string& text)>& send);

}  // namespace qmail
