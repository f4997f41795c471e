// argv0: run a program under another name. See argv0(1).
#include "core/base/program.h"
#include "core/base/spawn.h"

int main(int argc, char** argv) {
  return qmail::run_program("argv0", argc, argv, [](qmail::Process& self) -> int {
    if (self.args.size() < 2) throw qmail::UsageError();
    const std::string program = self.args.front();
    qmail::exec({.argv = {self.args.begin() + 1, self.args.end()}, .program = program});
    throw qmail::Failure::system("run " + program);
  });
}
