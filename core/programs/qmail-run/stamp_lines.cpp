#include "core/programs/qmail-run/stamp_lines.h"

#include <string>

#include "core/base/failure.h"
#include "core/base/io.h"
#include "core/base/text.h"

namespace qmail {

int stamp_lines(int in, int out, const Clock& clock) {
  // Longer ones are cut: a log line has no business being a file.
  constexpr std::size_t longest_line = 65536;
  constexpr std::size_t microsecond_digits = 6;
  Reader lines(in);
  Writer log(out);
  std::string line;
  for (bool whole = true; whole;) {
    whole = lines.line(line, longest_line);
    if (!whole && line.empty()) break;
    const Moment now = clock.moment();
    log.put(std::to_string(now.seconds))
        .put(".")
        .put(zero_padded(static_cast<std::uint64_t>(now.microseconds), microsecond_digits))
        .put(" ")
        .put(line)
        .put("\n");
    if (!lines.has_buffered()) log.flush_or_throw("log");
  }
  log.flush_or_throw("log");
  return 0;
}

}  // namespace qmail
