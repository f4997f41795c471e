#include "core/programs/condredirect/condredirect.h"

#include <signal.h>
#include <unistd.h>

#include "core/base/io.h"
#include "core/base/signals.h"
#include "core/base/spawn.h"
#include "core/queue/forward.h"

namespace qmail {
namespace {

constexpr int handled = 99;  // qmail-local then leaves the rest of the .qmail file alone

}  // namespace

int redirect_if(const Process& self) {
  if (self.args.size() < 2) throw UsageError();
  const int code = run_and_wait({self.args.begin() + 1, self.args.end()});
  if (code == static_cast<int>(Exit::temporary)) throw Failure(Exit::temporary, "temporary child error");
  if (code != 0) return 0;

  if (::lseek(self.in, 0, SEEK_SET) < 0) throw Failure::system("rewind");
  signals::ignore(SIGPIPE);
  const std::string_view sender = self.environment.require("SENDER", Exit::permanent);
  const queue::Forward what{.message = self.in,
                            .delivered_to = self.environment.require("DTLINE", Exit::permanent),
                            .sender = sender,
                            .recipients = {self.args.front()}};
  const std::uint64_t qp = queue::forward_or_throw(what, self.home(), self.environment);
  // The message is in the queue: it must not come again because nobody reads this.
  static_cast<void>(Writer(self.err).put("condredirect: qp " + std::to_string(qp) + "\n").flush());
  return handled;
}

}  // namespace qmail
