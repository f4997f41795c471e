// qmail-queue: put one message into the queue. See qmail-queue(8).
#include <unistd.h>

#include "core/base/home.h"
#include "core/base/program.h"
#include "core/programs/qmail-queue/endings.h"
#include "core/programs/qmail-queue/qmail_queue.h"

int main(int argc, char** argv) {
  const auto queue = [](qmail::Process& self) {
    qmail::queue::arm_endings();
    qmail::queue::DescriptorSource source(self.in, self.out);  // descriptor 1: read here, not written
    const auto pid = ::getpid();
    qmail::queue::queue_message(source, {.home = qmail::home_path(),
                                         .clock = self.clock,
                                         .invoker = self.real_uid,
                                         .qp = static_cast<std::uint64_t>(pid),
                                         .pid = pid});
    return 0;
  };
  return qmail::run_program("qmail-queue", argc, argv, queue, qmail::queue::silent_ending());
}
