#include "core/programs/qmail-run/stamp_lines.h"

#include <string>

#include "core/base/failure.h"
#include "core/base/io.h"
#include "core/log/stamp.h"

namespace qmail {

int stamp_lines(int in, int out, const Clock& clock) {
  // Longer ones are cut: a log line has no business being a file.
  constexpr std::size_t longest_line = 65536;
  Reader lines(in);
  Writer stamped(out);
  std::string line;
  for (bool whole = true; whole;) {
    whole = lines.line(line, longest_line);
    if (!whole && line.empty()) break;
    stamped.put(log::stamp(clock.moment())).put(" ").put(line).put("\n");
    if (!lines.has_buffered()) stamped.flush_or_throw("log");
  }
  stamped.flush_or_throw("log");
  return 0;
}

}  // namespace qmail
