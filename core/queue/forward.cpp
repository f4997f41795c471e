#include "core/queue/forward.h"

#include <utility>

#include "core/base/failure.h"
#include "core/base/io.h"
#include "core/queue/client.h"

namespace qmail::queue {

Forwarded forward(const Forward& what, const Directory& home, const Environment& environment) {
  Client queue(home, environment);
  queue.put(what.delivered_to);
  Reader message(what.message);
  for (std::string_view piece = message.peek(); !piece.empty(); piece = message.peek()) {
    queue.put(piece);
    message.take(piece.size());
  }
  if (message.stopped() == Stop::failed) throw Failure::system("read message", message.error());
  queue.from(what.sender);
  for (const std::string_view recipient : what.recipients) queue.to(recipient);
  std::string reply = queue.close();
  return {.reply = std::move(reply), .qp = queue.qp()};
}

std::uint64_t forward_or_throw(const Forward& what, const Directory& home, const Environment& environment) {
  const auto [reply, qp] = forward(what, home, environment);
  if (reply.empty()) return qp;
  throw Failure(reply.front() == 'D' ? Exit::permanent : Exit::temporary, reply.substr(1));
}

}  // namespace qmail::queue
