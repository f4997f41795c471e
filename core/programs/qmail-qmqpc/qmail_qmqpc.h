// What qmail-qmqpc does: qmail-queue's interface, a QMQP server behind it. qmail-qmqpc(8).
// The exit codes are those that qmail-queue(8) has for its callers.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/program.h"

namespace qmail {

enum class QmqpCode : int {
  refused = 31,
  out_of_memory = 51,
  read_error = 54,
  no_control = 55,
  no_socket = 56,
  no_home = 61,
  deferred = 71,
  too_slow = 72,
  not_connected = 73,
  connection_lost = 74,
  bad_envelope = 91,
};

/// Reads the message from descriptor 0 and the envelope from descriptor 1. Returns 0 when a server has taken
/// it; throws Failure.
int queue_by_qmqp(const Process& self);

/// The message of a QMQP client, without the outer length and comma, put together from the envelope that
/// envelopes(5) describes. Throws Failure.
std::string qmqp_envelope(std::string_view envelope);

}  // namespace qmail
