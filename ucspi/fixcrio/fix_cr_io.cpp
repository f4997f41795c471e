#include "ucspi/fixcrio/fix_cr_io.h"

#include "core/format/line_ends.h"
#include "ucspi/lib/interpose.h"
#include "ucspi/lib/relay.h"

namespace qmail::ucspi {
namespace {

/// Even if every byte of it is a newline, what is written fits into a pipe that poll(2) calls ready.
constexpr std::size_t piece = 2048;

}  // namespace

void fix_cr_io(const std::vector<std::string>& argv) {
  interpose(argv, [](Fd input, Fd output) {
    CrFixer there, back;
    relay({.from = 0,
           .to = input.get(),
           .change = [&](std::string_view bytes) { return there.fix(bytes); },
           .at_end = [&] { input.close(); }},
          {.from = output.get(), .to = 1, .change = [&](std::string_view bytes) { return back.fix(bytes); }},
          piece);
  });
}

}  // namespace qmail::ucspi
