// bouncesaying: bounce a message, perhaps if a program says so. See bouncesaying(1).
#include "core/base/program.h"
#include "core/programs/bouncesaying/bouncesaying.h"

int main(int argc, char** argv) {
  return qmail::run_program("bouncesaying", argc, argv,
                            [](qmail::Process& self) { return qmail::bounce_saying(self); });
}
