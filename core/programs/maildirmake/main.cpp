// maildirmake: create a maildir. See maildirmake(1).
#include "core/base/program.h"
#include "core/programs/maildirmake/maildirmake.h"

int main(int argc, char** argv) {
  return qmail::run_program("maildirmake", argc, argv,
                            [](qmail::Process& self) { return qmail::make_maildir(self.args); });
}
