// The loop that qmail-lspawn and qmail-rspawn share: take requests from qmail-send, run one child for each,
// report what came of it. The protocol is in delivery_protocol.h.
#pragma once
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <variant>
#include <vector>

#include "core/base/fd.h"
#include "core/queue/delivery_protocol.h"

namespace qmail::queue {

/// One delivery as its child gets it.
struct Delivery {
  int message;  ///< open for reading at its start
  int output;   ///< for the child's descriptors 1 and 2: what it writes there goes to report()
  const std::string& sender;
  std::string_view local;   ///< the first recipient up to its last '@'
  std::string_view domain;  ///< and behind it
  const std::vector<std::string>& recipients;
};

/// What one kind of spawner does.
struct Trade {
  /// Starts the child; or the report to give if it cannot be started.
  std::function<std::variant<pid_t, std::string>(const Delivery&)> start;
  /// The report for a child that ended with `status`, as waitpid(2) gives it, and wrote `output`: it is that
  /// of every recipient.
  std::function<std::string(int status, std::string_view output)> report;
  /// Of a child's output this much is kept.
  std::size_t longest_output;
  std::size_t most_recipients = 1;
};

struct SpawnerWorld {
  int requests = 0;  ///< a Unix stream socket, or a pipe, through which no message can be passed
  int reports = 1;
  Directory messages;   ///< queue/mess
  uid_t message_owner;  ///< who must have made a message, be it a file or passed
};

/// queue/mess of `home`. Throws Failure.
Directory open_messages(const Directory& home);

/// Runs until the requests end and every child has ended. A lost connection for the reports only silences
/// it. Changes what SIGCHLD and SIGPIPE do. Throws Failure if it cannot start.
void run_spawner(const SpawnerWorld& world, const Trade& trade);

}  // namespace qmail::queue
