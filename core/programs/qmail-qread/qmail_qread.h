// The preprocessed messages of the queue, as text. qmail-qread(8).
#pragma once
#include "core/base/io.h"
#include "core/queue/view/messages.h"

namespace qmail::queue {

/// Writes each message, in the order of view::visit_all(), and below it its recipients. Messages of the
/// layout that are not whole, which may be because they are leaving the queue just now, get a warning there.
/// Throws Failure as that does.
void list_queue(const Layout& queue, const view::ReadRouting& read_routing, Writer& out);

}  // namespace qmail::queue
