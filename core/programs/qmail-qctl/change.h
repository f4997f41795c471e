// The commands of qmail-qctl that change something: retry, hold, release, delete, bounce. qmail-qctl(8).
#pragma once
#include "core/base/clock.h"
#include "core/programs/qmail-qctl/listing.h"

namespace qmail::qctl {

struct ChangeWorld {
  const Directory& home;
  const QueueInView& view;
  const Clock& clock;
};

/// Has qmail-send do it to the messages that are selected or, where none runs, does it. Says on `out` for how
/// many it was done, on `err` for which it was not. The exit code. Throws Failure if it cannot be done now.
int change_messages(const ChangeWorld& world, const Command& command, Writer& out, Writer& err);

}  // namespace qmail::qctl
