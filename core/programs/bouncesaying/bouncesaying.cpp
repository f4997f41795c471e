#include "core/programs/bouncesaying/bouncesaying.h"

#include "core/base/io.h"
#include "core/base/spawn.h"

namespace qmail {

int bounce_saying(const Process& self) {
  if (self.args.empty()) throw UsageError();
  if (self.args.size() > 1) {
    const int code = run_and_wait({self.args.begin() + 1, self.args.end()});
    if (code == static_cast<int>(Exit::temporary)) throw Failure(Exit::temporary, "temporary child error");
    if (code != 0) return 0;
  }
  // The exit code bounces the message, read or not.
  static_cast<void>(Writer(self.err).put(self.args.front()).put("\n").flush());
  return static_cast<int>(Exit::permanent);
}

}  // namespace qmail
