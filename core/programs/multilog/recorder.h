// multilog's work: each line of the input through the actions of the script. multilog(8).
#pragma once
#include "core/base/clock.h"
#include "core/programs/multilog/patience.h"
#include "core/programs/multilog/script.h"

namespace qmail::multilog {

struct RecorderWorld {
  int in;
  int err;
  const Clock& clock;
  const Patience& patience;
};

/// Until the input ends, or TERM and the end of a line. Returns the exit code. Throws Failure before it has
/// read anything, or if reading fails; what was read is in the logs then. Changes what TERM, ALRM, CHLD and
/// PIPE do, and the umask.
int record_lines(const Script& script, const RecorderWorld& world);

}  // namespace qmail::multilog
