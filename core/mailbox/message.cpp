#include "core/mailbox/message.h"

#include <unistd.h>

#include "core/base/failure.h"
#include "core/base/io.h"

namespace qmail::mailbox {

void rewind(const Message& message) {
  if (::lseek(message.fd, 0, SEEK_SET) < 0)
    throw Failure(Exit::temporary, "Unable to rewind message. (#4.3.0)");
}

int read_message(const Message& message, const std::function<bool(std::string_view)>& use) {
  rewind(message);
  Reader reader(message.fd);
  for (std::string_view piece = reader.peek(); !piece.empty(); piece = reader.peek()) {
    if (!use(piece)) break;
    reader.take(piece.size());
  }
  return reader.error();
}

}  // namespace qmail::mailbox
