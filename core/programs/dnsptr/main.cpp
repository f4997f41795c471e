// dnsptr: print the name of an IP address. See dnsptr(8).
#include "core/base/io.h"
#include "core/base/program.h"
#include "core/dns/system_resolver.h"
#include "core/dns/tool.h"
#include "core/programs/dnsptr/print_name.h"

int main(int argc, char** argv) {
  return qmail::run_program("dnsptr", argc, argv,
                            [](qmail::Process& self) {
                              if (self.args.empty()) throw qmail::UsageError();
                              qmail::dns::SystemResolver resolver(self.clock);
                              qmail::Writer out(self.out);
                              qmail::print_name(resolver, self.args[0], out);
                              out.flush_or_throw("standard output");
                              return 0;
                            },
                            {.report = qmail::dns::report_plainly});
}
