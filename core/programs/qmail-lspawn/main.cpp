// qmail-lspawn: start local deliveries. See qmail-lspawn(8).
#include "core/base/program.h"
#include "core/programs/qmail-lspawn/lspawn.h"

int main(int argc, char** argv) {
  return qmail::run_program("qmail-lspawn", argc, argv, [](qmail::Process& self) {
    if (self.args.empty()) throw qmail::UsageError();
    qmail::spawn_local({.home = self.home(),
                        .default_delivery = self.args.front(),
                        .environment = self.environment,
                        .clock = self.clock});
    return 0;
  });
}
