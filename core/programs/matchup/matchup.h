// A log of qmail-send as one line for each message and each delivery that ended. matchup(1).
#pragma once
#include "core/format/log_line.h"

namespace qmail {

struct MatchUp {
  int log;
  int out;      ///< what ended
  int pending;  ///< what did not, as lines of a log to be put before the next one
  Calendar& calendar;
};

/// Reads the log to its end. Throws Failure.
void match_up(const MatchUp& work);

}  // namespace qmail
