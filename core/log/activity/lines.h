// Lines of a log, one at a time.
#pragma once
#include <string>

#include "core/base/failure.h"
#include "core/base/io.h"

namespace qmail::activity {

/// No line of qmail-send is that long.
inline constexpr std::size_t longest_line = 65536;

/// Gives each line of `in`, and by how many bytes it was longer than `limit` and cut, to `take`. Returns the
/// bytes behind the last newline. Throws Failure "unable to read LABEL".
template <typename Take>
std::string read_lines(int in, const std::string& label, Take take, std::size_t limit = longest_line) {
  Reader reader(in);
  std::string line;
  while (reader.line(line, limit)) take(std::string_view(line), reader.dropped());
  if (reader.stopped() == Stop::failed) throw Failure::system("read " + label, reader.error());
  return line;
}

}  // namespace qmail::activity
