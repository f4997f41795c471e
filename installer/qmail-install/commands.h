// What qmail-install does, from options to exit code. qmail-install(8).
#pragma once
#include "core/base/clock.h"
#include "core/base/program.h"
#include "installer/qmail-install/options.h"
#include "installer/qmail-install/report.h"

namespace qmail::installer {

/// The exit codes of qmail-install, besides 0.
enum class Code : int {
  usage = 1,
  not_possible = 2,  ///< nothing was changed
  rolled_back = 4,   ///< a step failed, all is as before
  stuck = 5,         ///< a step failed, and taking it back did too
  interrupted = 8,   ///< --resume goes on, --roll-back takes back
  bad_answers = 9,
  locked = 10,
};
inline constexpr Exit usage_code = static_cast<Exit>(Code::usage);

int run(const Options& options, const Console& console, const Clock& clock);

}  // namespace qmail::installer
