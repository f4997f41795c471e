// One message for one local recipient: what qmail-local does. qmail-local(8).
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "core/base/clock.h"
#include "core/base/environment.h"
#include "core/base/program.h"
#include "core/base/resident.h"
#include "core/mailbox/maildir.h"
#include "core/programs/qmail-local/recipient.h"

namespace qmail::local {

struct Job {
  Recipient recipient;
  bool is_rehearsal;
  int message;  ///< a file; read from its beginning
  int out;
  int err;
  Environment environment;
  mailbox::Shared& shared;
  const Clock& clock;
  std::string qmail_home;
};

/// Makes the recipient's home the working directory and does what the .qmail file there says. Returns the
/// exit code; throws Failure with the text that goes into the bounce or the log.
int deliver(const Job& job);

/// The same for what a process was told by its arguments. Throws UsageError too.
int deliver_as_told(const Process& self);

/// qmail-local in a worker: every job is a delivery of its own.
std::unique_ptr<resident::Work> make_work();
/// The deliveries that are under way together are soon followed by more, or by none.
inline constexpr int idle_seconds = 2;

/// Looks at a delivery as deliver() does, with the recipient's home as the working directory afterwards: the
/// maildir, if into that one and nothing else the message is to go. Throws Failure if deliver() would.
std::optional<std::string> find_only_maildir(const Recipient& recipient, int message, int err);

/// Failures are told as they are, without the program's name: the sender reads them.
Ending plain_ending();
std::string plain_text(const std::string& why);

}  // namespace qmail::local
