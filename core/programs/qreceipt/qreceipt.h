// What qreceipt does. qreceipt(1).
#pragma once
#include "core/base/program.h"

namespace qmail {

/// If the message on standard input asks for a notice of its delivery to the address in the arguments, sends
/// one to $SENDER. Returns 0; throws Failure.
int send_receipt(const Process& self);

}  // namespace qmail
