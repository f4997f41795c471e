// What the log was found to have damaged: kept for people to look at, and marked so that it is told of once.
#pragma once
#include <string>

#include "core/queue/log/contents.h"

namespace qmail::queue_log {

/// "log/damaged/12.4096": generation of the segment, place in it.
std::string damaged_name(const Finding& finding);
/// Keeps its bytes there; they are durable on return of true.
bool save_damage(const queue::Layout& layout, const Finding& finding);
/// Writes over it in the segment, so that it is not found again. Not synced. False, with errno set, on
/// failure.
bool mark_dealt_with(const Segment& segment, const Finding& finding);

}  // namespace qmail::queue_log
