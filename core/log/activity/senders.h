// What came from whom: zsenders(1), zsuids(1).
#pragma once
#include "core/base/io.h"

namespace qmail::activity {

/// By uid and sender.
void list_senders(int in, Writer& out);
void list_sender_uids(int in, Writer& out);

}  // namespace qmail::activity
