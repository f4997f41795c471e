// Starts qmail-start and the SMTP listener, starts again what ends, and stops it all in order. qmail-run(8).
#pragma once
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/fd.h"

namespace qmail {

/// What the arguments ask for.
struct Wanted {
  bool send = false;
  bool smtpd = false;
  bool syslog = false;          ///< the logs go to splogger, not to standard output
  std::string log_folder = {};  ///< or to multilog, each in a folder of its own in here; none: empty
};

/// Without "send" or "smtpd": both. Throws UsageError.
Wanted parse_wanted(const std::vector<std::string>& args);

/// Runs until TERM or INT, then stops accepting, lets the sessions end, stops qmail-send, and returns 0. Says
/// on descriptor `err` what ended and when it is started again. Throws Failure if nothing can be started at
/// all.
int keep_running(const Wanted& wanted, const Directory& home, const Clock& clock, int err);

}  // namespace qmail
