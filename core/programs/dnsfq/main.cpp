// dnsfq: print the fully qualified name of a host. See dnsfq(8).
#include "core/base/io.h"
#include "core/base/program.h"
#include "core/dns/system_resolver.h"
#include "core/dns/tool.h"
#include "core/programs/dnsfq/print_full_name.h"

int main(int argc, char** argv) {
  return qmail::run_program("dnsfq", argc, argv,
                            [](qmail::Process& self) {
                              if (self.args.empty()) throw qmail::UsageError();
                              qmail::dns::SystemResolver resolver(self.clock);
                              qmail::Writer out(self.out);
                              qmail::print_full_name(resolver, resolver.search_names(self.args[0]), out);
                              out.flush_or_throw("standard output");
                              return 0;
                            },
                            {.report = qmail::dns::report_plainly});
}
