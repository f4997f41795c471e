// maildir2mbox: move messages from a maildir to an mbox. See maildir2mbox(1).
#include "core/base/program.h"
#include "core/programs/maildir2mbox/convert.h"

int main(int argc, char** argv) {
  return qmail::run_program("maildir2mbox", argc, argv, [](qmail::Process& self) {
    return qmail::convert_maildir(self.environment, self.clock, self.err);
  });
}
