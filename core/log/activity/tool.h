// What the z and x programs have in common: lines of matchup(1) in, text out.
#pragma once
#include "core/base/io.h"
#include "core/base/program.h"
#include "core/log/activity/lines.h"

namespace qmail::activity {

/// Gives each line of `in` to `take`, the last one too if it has no newline.
template <typename Take>
void read_records(int in, Take take) {
  const std::string last = read_lines(in, "input", [&](std::string_view line, std::size_t) { take(line); });
  if (!last.empty()) take(std::string_view(last));
}

/// The work of a program without arguments: `print` reads its input and writes its output.
template <typename Print>
int summarize(const Process& self, Print print) {
  if (!self.args.empty()) throw UsageError();
  Writer out(self.out);
  print(self.in, out);
  out.flush_or_throw("output");
  return 0;
}

}  // namespace qmail::activity
