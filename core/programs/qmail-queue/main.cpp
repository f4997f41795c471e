// qmail-queue: put one message into the queue, or stay and take all that come. See qmail-queue(8).
#include <unistd.h>

#include "core/base/home.h"
#include "core/base/program.h"
#include "core/base/resident.h"
#include "core/programs/qmail-queue/endings.h"
#include "core/programs/qmail-queue/qmail_queue.h"
#include "core/programs/qmail-queue/resident.h"

int main(int argc, char** argv) {
  using namespace qmail;
  // It is setuid: whoever runs it is not to have a resident of his own.
  if (resident::is_asked_for(argc, argv) && ::getuid() == ::geteuid())
    return run_program("qmail-queue", argc, argv, queue::run_resident);
  const auto put = [](Process& self) {
    queue::arm_endings();
    const auto pid = ::getpid();
    queue::DescriptorSource source(self.in, self.out);  // descriptor 1: read here, not written
    queue::queue_message(source, {.home = home_path(),
                                  .clock = self.clock,
                                  .invoker = self.real_uid,
                                  .qp = static_cast<std::uint64_t>(pid),
                                  .pid = pid});
    return 0;
  };
  return run_program("qmail-queue", argc, argv, put, queue::silent_ending());
}
