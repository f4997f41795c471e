#include "core/programs/forward/forward_message.h"

#include <signal.h>

#include "core/base/io.h"
#include "core/base/signals.h"
#include "core/queue/forward.h"

namespace qmail {
int forward_message(const Process& self) {
  signals::ignore(SIGPIPE);
  const std::string_view sender = self.environment.require("NEWSENDER", Exit::permanent);
  const queue::Forward what{.message = self.in,
                            .delivered_to = self.environment.require("DTLINE", Exit::permanent),
                            .sender = sender,
                            .recipients = {self.args.begin(), self.args.end()}};
  const std::uint64_t qp = queue::forward_or_throw(what, self.home(), self.environment);
  // The message is in the queue: it must not come again because nobody reads this.
  static_cast<void>(Writer(self.err).put("forward: qp " + std::to_string(qp) + "\n").flush());
  return 0;
}

}  // namespace qmail
