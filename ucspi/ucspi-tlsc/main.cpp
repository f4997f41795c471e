// ucspi-tlsc: secure connections for clients. See ucspi-tlsc(8).
#include "core/base/program.h"
#include "ucspi/lib/tls/tls_program.h"
#include "ucspi/ucspi-tlsc/chain.h"

int main(int argc, char** argv) {
  qmail::ucspi::TlsProgram program("ucspi-tlsc", qmail::ucspi::client_files);
  return qmail::run_program("ucspi-tlsc", argc, argv,
                            [&](qmail::Process& self) {
                              if (program.is_acceptor(self)) return program.accept(self);
                              if (const auto chain = qmail::ucspi::parse_chain(self.args))
                                run_chain(*chain, self);
                              return program.keep(self, qmail::ucspi::parse_keeper_options(self.args));
                            },
                            {.report = [&](const std::string& why) { program.last_words(why); }});
}
