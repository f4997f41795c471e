// tcp-env: describe the connection that inetd accepted, and run a program. See tcp-env(1).
#include "core/base/program.h"
#include "ucspi/tcp-env/tcp_env.h"

int main(int argc, char** argv) {
  return qmail::run_program("tcp-env", argc, argv,
                            [](qmail::Process& self) { return qmail::ucspi::describe_and_run(self); },
                            {.report = qmail::ucspi::report_to_the_host});
}
