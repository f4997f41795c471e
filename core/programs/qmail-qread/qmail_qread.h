// The preprocessed messages of the queue, as text. qmail-qread(8).
#pragma once
#include "core/base/io.h"
#include "core/queue/layout.h"

namespace qmail::queue {

/// Writes each message, in the order the folders of info give, and below it its recipients. Messages that
/// are not whole, which may be because they are leaving the queue just now, get a warning there. Throws
/// Failure if a folder cannot be read.
void list_queue(const Layout& queue, Writer& out);

}  // namespace qmail::queue
