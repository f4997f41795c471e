#include "core/programs/except/except.h"

#include "core/base/spawn.h"

namespace qmail {

int invert(const Process& self) {
  if (self.args.empty()) throw UsageError();
  const int code = run_and_wait(self.args);
  if (code == static_cast<int>(Exit::temporary)) throw Failure(Exit::temporary, "temporary child error");
  return code == 0 ? static_cast<int>(Exit::permanent) : 0;
}

}  // namespace qmail
