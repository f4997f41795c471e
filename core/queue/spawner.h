// The loop that qmail-lspawn and qmail-rspawn share: take requests from qmail-send, hand each to the trade of
// this spawner, report what came of it. The protocol is in delivery_protocol.h.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

#include "core/base/fd.h"
#include "core/base/poll_set.h"
#include "core/queue/delivery_protocol.h"

namespace qmail::queue {

/// One transaction to make.
struct Delivery {
  Slot slot;
  Fd message;  ///< open for reading at its start; nobody else has it
  std::string sender;
  std::vector<std::string> recipients;  ///< at least one; each has a host
};

/// What one kind of spawner does. It may wait for nothing but in the loop's own wait.
class Trade {
 public:
  virtual ~Trade() = default;
  virtual std::size_t most_recipients() const { return 1; }
  /// Takes on a delivery; or its report if it is over already: one text, for all of its recipients.
  virtual std::optional<std::string> begin(Delivery delivery) = 0;
  /// Nothing is under way.
  virtual bool is_idle() const = 0;
  /// Adds what has to be waited for.
  virtual void prepare(PollSet& set) = 0;
  /// After a wait: the reports of deliveries that are over.
  virtual std::vector<DeliveryReport> act(const PollSet& set) = 0;
};

struct SpawnerWorld {
  int requests = 0;  ///< a Unix stream socket, or a pipe, through which no message can be passed
  int reports = 1;
  Directory messages;   ///< queue/mess
  uid_t message_owner;  ///< who must have made a message, be it a file or passed
};

/// queue/mess of `home`. Throws Failure.
Directory open_messages(const Directory& home);

/// Runs until the requests end and every delivery is over. A lost connection for the reports only silences
/// it. CHLD is blocked but while it waits, and caught (see Children); PIPE is ignored. Throws Failure if it
/// cannot start.
void run_spawner(const SpawnerWorld& world, Trade& trade);

}  // namespace qmail::queue
