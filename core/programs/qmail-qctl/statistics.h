// How many messages of which kind are in the queue. qmail-qctl(8).
#pragma once
#include "core/programs/qmail-qctl/listing.h"

namespace qmail::qctl {

void put_statistics(const QueueInView& view, const Command& command, Writer& out);

}  // namespace qmail::qctl
