// What the mover, a child of the resident qmail-queue, does for the log, so that the log never waits for
// it: makes segments and spares ahead of need, and moves messages into the stock layout.
// docs/internals/queue.md.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "core/queue/log/message.h"

namespace qmail::queue_log {

/// Makes the segment, of written zeros, durable with its name. 0, or the errno of what failed; nothing is
/// left then.
int make_segment(const queue::Layout& layout, std::uint32_t segment,
                 std::uint32_t bytes = usual_segment_bytes);

/// Makes up to `count` spares. Those returned are durable, name and all; fewer if something failed.
std::vector<Number> make_spares(const queue::Layout& layout, std::size_t count);

struct Placed {
  Number id = 0;
  int error = 0;  ///< 0: mess/<split>/<id> holds the message, is durable, and is its spare's inode
};

/// Writes the mess files of these messages. They share the syncs of directories.
std::vector<Placed> place_messages(const queue::Layout& layout, std::span<const Place> places);

}  // namespace qmail::queue_log
