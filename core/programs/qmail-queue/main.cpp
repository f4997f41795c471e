// qmail-queue: put one message into the queue, or stay and take all that come. See qmail-queue(8).
#include <unistd.h>

#include "core/base/program.h"
#include "core/base/resident.h"
#include "core/programs/qmail-queue/classic.h"
#include "core/programs/qmail-queue/endings.h"
#include "core/programs/qmail-queue/resident.h"

int main(int argc, char** argv) {
  using namespace qmail;
  // It is setuid: whoever runs it is not to have a resident of his own.
  if (resident::is_asked_for(argc, argv) && ::getuid() == ::geteuid())
    return run_program("qmail-queue", argc, argv, queue::run_resident);
  return run_program("qmail-queue", argc, argv, queue::run_classic, queue::silent_ending());
}
