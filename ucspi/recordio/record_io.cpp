#include "ucspi/recordio/record_io.h"

#include <unistd.h>

#include "core/base/io.h"
#include "ucspi/lib/interpose.h"
#include "ucspi/lib/relay.h"

namespace qmail::ucspi {
namespace {

/// All its lines, even if it is nothing but newlines, are written to a log's pipe at once, so that those of
/// other programs cannot come between (PIPE_BUF). Stock's size: whoever reads the log may count on it.
constexpr std::size_t piece = 256;

std::string head(pid_t pid, char direction) { return std::to_string(pid) + " " + direction + " "; }

void show(int log, const std::string& lines) {
  // Without a log the program goes on.
  static_cast<void>(Writer(log).put(lines).flush());
}

Way recorded(int from, int to, pid_t pid, char direction, int log) {
  return {.from = from,
          .to = to,
          .change =
              [=](std::string_view bytes) {
                show(log, record_lines(pid, direction, bytes));
                return std::string(bytes);
              },
          .at_end = [=] { show(log, record_end(pid, direction)); }};
}

}  // namespace

std::string record_lines(pid_t pid, char direction, std::string_view bytes) {
  std::string lines;
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    lines.append(head(pid, direction)).append(bytes.substr(0, end));
    lines += end == std::string_view::npos ? "+\n" : " \n";
    bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
  }
  return lines;
}

std::string record_end(pid_t pid, char direction) { return head(pid, direction) + "[EOF]\n"; }

void record_io(const std::vector<std::string>& argv, int log) {
  const pid_t pid = ::getpid();
  interpose(argv, [=](Fd input, Fd output) {
    Way there = recorded(0, input.get(), pid, '<', log);
    there.at_end = [&input, show_end = there.at_end] {
      input.close();
      show_end();
    };
    relay(there, recorded(output.get(), 1, pid, '>', log), piece);
  });
}

}  // namespace qmail::ucspi
