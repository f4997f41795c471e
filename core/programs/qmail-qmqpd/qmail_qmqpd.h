// Receiving one message by QMQP on two descriptors. qmail-qmqpd(8).
#pragma once
#include "core/base/program.h"

namespace qmail {

/// Takes a message from a client that may send to anywhere. Returns 0 when it has been answered; throws
/// Failure as NetstringInput does.
int receive_by_qmqp(const Process& self);

}  // namespace qmail
