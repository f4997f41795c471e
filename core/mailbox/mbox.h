// Delivery to an mbox: appended under flock, synced, cut back to its old length if anything fails. mbox(5).
#pragma once
#include <string>

#include "core/mailbox/message.h"

namespace qmail::mailbox {

/// How long to wait for the lock before the process ends with 111.
inline constexpr unsigned mbox_lock_seconds = 30;

/// On return the message is at the end of `path` and survives power loss, with the file's name if that is
/// new. Throws Failure (temporary) in the words of qmail-local(8); the file then holds what it held before,
/// unless it could not be locked.
void append_to_mbox(const std::string& path, const Message& message,
                    unsigned lock_seconds = mbox_lock_seconds);

}  // namespace qmail::mailbox
