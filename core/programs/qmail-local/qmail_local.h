// One message for one local recipient: what qmail-local does. qmail-local(8).
#pragma once
#include <string>

#include "core/base/clock.h"
#include "core/base/environment.h"
#include "core/base/program.h"
#include "core/programs/qmail-local/recipient.h"

namespace qmail::local {

struct Job {
  Recipient recipient;
  bool is_rehearsal;
  int message;  ///< a file; read from its beginning
  int out;
  int err;
  Environment environment;
  const Clock& clock;
  std::string qmail_home;
};

/// Makes the recipient's home the working directory and does what the .qmail file there says. Returns the
/// exit code; throws Failure with the text that goes into the bounce or the log.
int deliver(const Job& job);

/// Failures are told as they are, without the program's name: the sender reads them.
Ending plain_ending();

}  // namespace qmail::local
