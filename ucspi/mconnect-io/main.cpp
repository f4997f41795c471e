// mconnect-io: what mconnect runs once it is connected. See mconnect-io(1).
#include <csignal>

#include "core/base/program.h"
#include "core/base/signals.h"
#include "core/format/line_ends.h"
#include "ucspi/lib/relay.h"

int main(int argc, char** argv) {
  return qmail::run_program("mconnect-io", argc, argv, [](qmail::Process& self) {
    constexpr int from_server = 6, to_server = 7;
    constexpr std::size_t piece = 2048;
    qmail::signals::ignore(SIGPIPE);
    qmail::ucspi::relay({.from = self.in, .to = to_server, .change = qmail::add_cr},
                        {.from = from_server,
                         .to = self.out,
                         .change = [](std::string_view bytes) { return std::string(bytes); }},
                        piece);
    return 0;
  });
}
