// maildirwatch: show what is new in a maildir, again and again. See maildirwatch(1).
#include <unistd.h>

#include "core/base/program.h"
#include "core/programs/maildirwatch/watch.h"

int main(int argc, char** argv) {
  return qmail::run_program("maildirwatch", argc, argv, [](qmail::Process& self) {
    return qmail::watch_maildir(self.environment, self.clock, self.out, [](unsigned seconds) {
      ::sleep(seconds);
      return true;
    });
  });
}
