// Putting the bounce of a message into the queue.
#pragma once
#include "core/programs/qmail-send/desk.h"

namespace qmail::send {

enum class Bounced { nothing, sent, trouble };

/// If the message has permanent failures, tells its sender of them and forgets them. On `trouble`, which is
/// logged, they are still there.
Bounced bounce_failures(Desk& desk, queue::Number number);

}  // namespace qmail::send
