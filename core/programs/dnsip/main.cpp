// dnsip: print the IP addresses of a host. See dnsip(8).
#include "core/base/io.h"
#include "core/base/program.h"
#include "core/dns/system_resolver.h"
#include "core/dns/tool.h"
#include "core/programs/dnsip/print_addresses.h"

int main(int argc, char** argv) {
  return qmail::run_program("dnsip", argc, argv,
                            [](qmail::Process& self) {
                              if (self.args.empty()) throw qmail::UsageError();
                              qmail::dns::SystemResolver resolver(self.clock);
                              qmail::Writer out(self.out);
                              qmail::print_addresses(resolver, self.args[0], out);
                              out.flush_or_throw("standard output");
                              return 0;
                            },
                            {.report = qmail::dns::report_plainly});
}
