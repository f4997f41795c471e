// qmail-tcpto: print the table of hosts that time out. See qmail-tcpto(8).
#include "core/base/program.h"
#include "core/programs/qmail-tcpto/print_timeouts.h"

int main(int argc, char** argv) {
  return qmail::run_program("qmail-tcpto", argc, argv,
                            [](qmail::Process& self) {
                              const qmail::Directory home = self.home();
                              qmail::Writer out(self.out);
                              qmail::print_timeouts(qmail::queue::TimeoutTable(home).list(), self.clock.now(),
                                                    out);
                              out.flush_or_throw("standard output");
                              return 0;
                            },
                            {.report = qmail::report_on_output});
}
