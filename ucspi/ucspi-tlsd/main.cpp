// ucspi-tlsd: secure connections for servers. See ucspi-tlsd(8).
#include "core/base/options.h"
#include "core/base/program.h"
#include "ucspi/lib/tls/tls_program.h"

int main(int argc, char** argv) {
  qmail::ucspi::TlsProgram program("ucspi-tlsd", qmail::ucspi::server_files);
  return qmail::run_program("ucspi-tlsd", argc, argv,
                            [&](qmail::Process& self) {
                              if (program.is_acceptor(self)) return program.accept(self);
                              return program.keep(self, qmail::ucspi::parse_keeper_options(self.args));
                            },
                            {.report = [&](const std::string& why) { program.last_words(why); }});
}
