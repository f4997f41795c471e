// Receiving messages by QMTP on two descriptors. qmail-qmtpd(8).
#pragma once
#include "core/base/program.h"

namespace qmail {

/// Takes message after message until the client closes the connection. Returns 0; throws Failure as
/// NetstringInput does, and if the control files cannot be read or do not say what mail may come in.
int receive_by_qmtp(const Process& self);

}  // namespace qmail
