// Messages of the queue as qmail-qctl shows them. qmail-qctl(8) has both forms.
#pragma once
#include "core/base/io.h"
#include "core/programs/qmail-qctl/command.h"

namespace qmail::qctl {

/// The queue that a command looks at.
struct QueueInView {
  const queue::Layout& queue;
  const queue::view::ReadRouting& read_routing;
  std::int64_t now;
};

/// list and show. What cannot be read any more gets a warning on `err`.
void list_messages(const QueueInView& view, const Command& command, Writer& out, Writer& err);
void show_messages(const QueueInView& view, const Command& command, Writer& out, Writer& err);

}  // namespace qmail::qctl
