#include "core/programs/tai64n/stamp_tai64n.h"

#include <algorithm>

#include "core/base/failure.h"
#include "core/base/io.h"
#include "core/log/stamp.h"

namespace qmail {

void stamp_tai64n(int in, int out, const Clock& clock) {
  Reader reader(in);
  Writer writer(out);
  bool is_at_start = true;
  for (std::string_view ready; !(ready = reader.peek()).empty();) {
    if (is_at_start) writer.put(log::tai_stamp(clock.moment())).put(" ");
    const std::string_view piece = ready.substr(0, std::min(ready.size(), ready.find('\n')) + 1);
    writer.put(piece);
    is_at_start = piece.ends_with('\n');
    reader.take(piece.size());
    if (!reader.has_buffered()) writer.flush_or_throw("standard output");
  }
  if (reader.stopped() == Stop::failed) throw Failure::system("read standard input", reader.error());
}

}  // namespace qmail
