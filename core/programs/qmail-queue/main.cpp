// qmail-queue: put one message into the queue. See qmail-queue(8).
#include <unistd.h>

#include "core/base/home.h"
#include "core/base/program.h"
#include "core/programs/qmail-queue/endings.h"
#include "core/programs/qmail-queue/qmail_queue.h"

int main(int argc, char** argv) {
  const auto queue = [](qmail::Process& self) {
    qmail::queue::arm_endings();
    qmail::queue::queue_message({
        .message = self.in,
        .envelope = self.out,  // descriptor 1: read here, not written
        .home = qmail::home_path(),
        .clock = self.clock,
        .invoker = self.real_uid,
        .pid = ::getpid(),
    });
    return 0;
  };
  return qmail::run_program("qmail-queue", argc, argv, queue, qmail::queue::silent_ending());
}
