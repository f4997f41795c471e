#include "core/programs/qmail-qread/qmail_qread.h"

#include <cerrno>

#include "core/queue/view/text.h"

namespace qmail::queue {
namespace {

/// False, with errno set, if one of the message's files cannot be read.
bool list_message(view::Message& message, Writer& out) {
  const auto size_bytes = message.size_bytes();
  if (!size_bytes) return false;
  const bool bouncing = message.is_bouncing();
  const auto info = message.info();
  if (!info) return false;
  out.put(view::head_line(message.number(), *info, *size_bytes)).put(bouncing ? " bouncing\n" : "\n");
  return true;
}

}  // namespace

void list_queue(const Layout& queue, const view::ReadRouting& read_routing, Writer& out) {
  view::visit_all(queue, read_routing, [&](view::Message& message) {
    if (!list_message(message, out)) {
      out.put(view::trouble_line(message.number(), errno));
      return;
    }
    for (const Channel channel : every_channel) {
      const auto put = [&](std::string_view address, bool done) {
        out.put(view::recipient_line(channel, address, done));
      };
      if (!message.recipients(channel, put)) out.put(view::trouble_line(message.number(), errno));
    }
  });
}

}  // namespace qmail::queue
