// qmail-rspawn: start remote deliveries. See qmail-rspawn(8).
#include "core/base/program.h"
#include "core/programs/qmail-rspawn/rspawn.h"

int main(int argc, char** argv) {
  return qmail::run_program("qmail-rspawn", argc, argv, [](qmail::Process& self) {
    qmail::spawn_remote(self);
    return 0;
  });
}
