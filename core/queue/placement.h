// Moving messages from the queue log into the stock layout, qmail-send's part of it: mess is there already.
// docs/internals/queue.md tells the order and why.
#pragma once
#include <functional>
#include <span>
#include <vector>

#include "core/queue/log_message.h"
#include "core/queue/names.h"

namespace qmail::queue {

/// Writes bounce, local, remote and, last, info of these messages. Those that are returned are in the layout
/// for good: the stage of each is `moved`. Of the others nothing counts, and `warn` was told why. What an
/// earlier attempt left is replaced.
std::vector<LogMessagePtr> move_to_layout(Names& names, std::span<const LogMessagePtr> messages,
                                          const std::function<void(const Trouble&)>& warn);

}  // namespace qmail::queue
