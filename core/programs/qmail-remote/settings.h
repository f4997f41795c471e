// What the administrator decides about sending mail by SMTP: the control files of qmail-remote(8).
#pragma once
#include <string>

#include "core/control/control.h"
#include "core/control/lookup.h"

namespace qmail::remote {

struct Settings {
  std::string helo_host;
  NoCaseMap routes;                    ///< smtproutes
  int connect_timeout_seconds = 60;    ///< timeoutconnect
  int session_timeout_seconds = 1200;  ///< timeoutremote, for each wait
  int keep_seconds = 0;                ///< keepremote: for how long a connection waits for another message

  /// Throws Failure if a file cannot be read or nothing says this host's name.
  static Settings read(const Control& control);
};

}  // namespace qmail::remote
