// qbiff: tell a user who is logged in that a message has come, from a .qmail file. See qbiff(1).
#include "core/base/program.h"
#include "core/programs/qbiff/announce.h"

int main(int argc, char** argv) {
  return qmail::run_program(
      "qbiff", argc, argv, [](qmail::Process& self) { return qmail::announce_message(self, {}); },
      qmail::never_mind());
}
