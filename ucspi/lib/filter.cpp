#include "ucspi/lib/filter.h"

#include "core/base/io.h"

namespace qmail::ucspi {

void filter(const Process& self, const std::function<std::string(std::string_view)>& change) {
  Reader in(self.in);
  Writer out(self.out);
  for (std::string_view piece = in.peek(); !piece.empty(); piece = in.peek()) {
    out.put(change(piece)).flush_or_throw("output");
    in.take(piece.size());
  }
  if (in.stopped() == Stop::failed) throw Failure::system("read input", in.error());
}

}  // namespace qmail::ucspi
