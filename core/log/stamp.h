// The time before a line of a log, as splogger writes it and log analysers expect it. qmail-log(5).
#pragma once
#include <string>

#include "core/base/clock.h"

namespace qmail::log {

/// "1795375500.123456"
std::string stamp(const Moment& moment);

}  // namespace qmail::log
