// How many messages are in the queue, as text. qmail-qstat(8).
#pragma once
#include <string>

#include "core/queue/layout.h"

namespace qmail::queue {

/// Two lines: all messages of layout and log, none twice, and those not yet preprocessed. Throws Failure if
/// the queue cannot be read.
std::string count_messages(const Layout& queue);

}  // namespace qmail::queue
