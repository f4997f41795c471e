// What the administrator decides about accepting mail by SMTP: control files and variables of qmail-smtpd(8).
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "core/base/environment.h"
#include "core/control/control.h"
#include "core/control/lookup.h"
#include "core/control/rcpthosts.h"

namespace qmail::smtpd {

/// From the control files alone: the same for every session until one of them changes.
struct Settings {
  std::string greeting;                     ///< starts with this host's name
  std::optional<std::string> literal_host;  ///< stands for this host's own address literals (localiphost)
  int timeout_seconds = 1200;               ///< for each wait
  std::optional<RcptHosts> rcpt_hosts;      ///< none: no such file
  NoCaseMap bad_senders;                    ///< badmailfrom
  std::uint64_t longest_message = 0;        ///< bytes; 0: no limit (databytes)

  /// Throws Failure if a file cannot be read or nothing says this host's name.
  static Settings read(const Control& control);
};

/// What holds for one client.
struct Terms {
  std::uint64_t longest_message = 0;        ///< bytes; 0: no limit (DATABYTES, or else databytes)
  std::optional<std::string> relay_suffix;  ///< RELAYCLIENT: it may relay, recipients get this behind them

  static Terms of(std::uint64_t databytes, const Environment& environment);
};

}  // namespace qmail::smtpd
