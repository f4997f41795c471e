// The preprocessed messages of the queue, as text. qmail-qread(8).
#pragma once
#include <functional>

#include "core/base/io.h"
#include "core/queue/layout.h"
#include "core/queue/routing.h"

namespace qmail::queue {

/// Writes each message and below it its recipients: first those of the layout, in the order the folders of
/// info give, then those still in the log, oldest first; none twice. Messages of the layout that are not
/// whole, which may be because they are leaving the queue just now, get a warning there. `read_routing`
/// is called only for what is in the log, where recipients have no channel yet. Throws Failure if a folder,
/// the log or a control file cannot be read.
void list_queue(const Layout& queue, const std::function<Routing()>& read_routing, Writer& out);

}  // namespace qmail::queue
