// tcpclient: connect to a TCP server and run a program. See tcpclient(1).
#include "core/base/program.h"
#include "ucspi/tcpclient/client_log.h"
#include "ucspi/tcpclient/tcp_client.h"

int main(int argc, char** argv) {
  qmail::ucspi::ClientLog log(2);
  return qmail::run_program("tcpclient", argc, argv,
                            [&](qmail::Process& self) { return qmail::ucspi::connect_tcp(self, log); },
                            {.report = [&](const std::string& why) { log.fatal(why); }});
}
