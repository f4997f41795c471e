// tcpserver: accept TCP connections and run a program for each. See tcpserver(1).
#include "core/base/program.h"
#include "ucspi/tcpserver/announcer.h"
#include "ucspi/tcpserver/tcp_server.h"

int main(int argc, char** argv) {
  qmail::ucspi::Announcer announcer(2);
  return qmail::run_program("tcpserver", argc, argv,
                            [&](qmail::Process& self) { return qmail::ucspi::serve_tcp(self, announcer); },
                            {.report = [&](const std::string& why) { announcer.last_words(why); }});
}
