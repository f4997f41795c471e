// Listening sockets that whoever started this process opened for it. sd_listen_fds(3).
#pragma once
#include <sys/types.h>
#include <vector>

#include "core/base/environment.h"
#include "core/base/fd.h"

namespace qmail::ucspi {

/// The sockets that LISTEN_FDS and LISTEN_PID of `environment` promise the process `self`; none if they are
/// not meant for it. They do not block and close on exec. Throws Failure if one of them is no listening TCP
/// socket.
std::vector<Fd> take_activated(const Environment& environment, pid_t self);

/// Takes out what must not be told to another process.
void hide_activation(Environment& environment);

}  // namespace qmail::ucspi
