#include "core/programs/setforward/set_forward.h"

#include "core/base/failure.h"
#include "core/base/io.h"
#include "core/base/publish.h"
#include "core/format/cdb.h"
#include "core/programs/setforward/forward_table.h"

namespace qmail {

void set_forward(int in, const std::string& cdb, const std::string& tmp) {
  Replacement replacement(cdb, tmp);
  CdbBuilder builder;
  ForwardTable table([&](std::string_view key, std::string_view data) {
    if (!builder.add(key, data)) throw Failure(Exit::temporary, "unable to write to " + tmp + ": over 4 GB");
  });
  Reader input(in);
  for (std::string_view piece = input.peek(); !piece.empty(); piece = input.peek()) {
    table.put(piece);
    input.take(piece.size());
  }
  if (input.stopped() == Stop::failed) throw Failure::system("read input", input.error());
  table.end();
  replacement.finish(builder.finish());
}

}  // namespace qmail
