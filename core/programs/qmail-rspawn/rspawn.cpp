#include "core/programs/qmail-rspawn/rspawn.h"

#include "core/base/failure.h"
#include "core/base/spawn.h"
#include "core/programs/qmail-rspawn/remote_report.h"
#include "core/queue/spawner.h"
#include "core/queue/timeout_table.h"
#include "core/users/ids.h"

namespace qmail {

void spawn_remote(const Directory& home, const std::string& program) {
  const users::Ids ids = users::read_ids(home);
  // What kept hosts from answering may be over. Where this fails, the old table counts for another hour.
  static_cast<void>(queue::TimeoutTable(home).clear());
  const auto start = [&](const queue::Delivery& delivery) -> std::variant<pid_t, std::string> {
    const auto child =
        spawn({.argv = {program, std::string(delivery.domain), delivery.sender, delivery.recipients.front()},
               .fds = {{delivery.message, 0}, {delivery.output, 1}, {delivery.output, 2}}});
    if (child) return *child;
    return is_temporary(errno) ? cannot_run_remote_now : cannot_run_remote;
  };
  queue::run_spawner({.messages = queue::open_messages(home), .message_owner = ids.qmailq.uid},
                     {.start = start, .report = remote_report, .longest_output = longest_remote_output});
}

}  // namespace qmail
