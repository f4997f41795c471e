// One message from its author into the queue. qmail-inject(8), qmail-header(5).
#pragma once
#include <string>
#include <sys/types.h>
#include <vector>

#include "core/base/clock.h"
#include "core/base/environment.h"
#include "core/base/fd.h"

namespace qmail::inject {

struct Invocation {
  const std::vector<std::string>& args;
  const Environment& environment;
  const Directory& home;
  const Clock& clock;
  pid_t pid;
  int in;   ///< the message
  int out;  ///< where -n prints it
};

/// Completes the message's header and gives it to the queue, or prints it. On return it is there to stay.
/// Throws Failure: permanent if the arguments or the header make no sense, or the queue refused it for good.
void inject(const Invocation& call);

}  // namespace qmail::inject
