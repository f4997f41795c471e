#include "ucspi/lib/interpose.h"

#include <csignal>
#include <unistd.h>

#include "core/base/failure.h"
#include "core/base/signals.h"
#include "core/base/spawn.h"

namespace qmail::ucspi {

void interpose(const std::vector<std::string>& argv, const std::function<void(Fd, Fd)>& copy) {
  Pipe input = Pipe::make();
  Pipe output = Pipe::make();
  const pid_t child = ::fork();
  if (child < 0) throw Failure::system("fork");
  if (child == 0) {
    signals::ignore(SIGPIPE);
    input.read.close();
    output.write.close();
    copy(std::move(input.write), std::move(output.read));
    ::_exit(0);
  }
  exec({.argv = argv, .fds = {{input.read.get(), 0}, {output.write.get(), 1}}});
  throw Failure::system("run " + argv.front());
}

}  // namespace qmail::ucspi
