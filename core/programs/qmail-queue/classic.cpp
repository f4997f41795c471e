#include "core/programs/qmail-queue/classic.h"

#include <unistd.h>

#include "core/base/home.h"
#include "core/programs/qmail-queue/endings.h"
#include "core/programs/qmail-queue/qmail_queue.h"
#include "core/programs/qmail-queue/relay.h"

namespace qmail::queue {

int run_classic(Process& self) {
  arm_endings();
  DescriptorSource source(self.in, self.out);  // descriptor 1: read here, not written
  if (const auto code = relay_message(source, home_path())) return *code;
  const pid_t pid = ::getpid();
  queue_message(source, {.home = home_path(),
                         .clock = self.clock,
                         .invoker = self.real_uid,
                         .qp = static_cast<std::uint64_t>(pid),
                         .pid = pid});
  return 0;
}

}  // namespace qmail::queue
