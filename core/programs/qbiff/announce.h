// What qbiff does. qbiff(1). Exit code: 0, whatever happens: the message is delivered all the same.
#pragma once
#include "core/base/program.h"

namespace qmail {

/// Where this machine has it; a test has it elsewhere.
struct Terminals {
  std::string logins = "/var/run/utmp";  ///< utmp(5)
  std::string devices = "/dev";
};

/// Writes to the terminals of $USER, where biff(1) allows it, that the message on standard input has come.
int announce_message(const Process& self, const Terminals& terminals);

/// No failure is told to anybody.
Ending never_mind();

}  // namespace qmail
