// What programs write of their own accord: messages that nobody answers and that never bounce.
// RFC 3834 section 3; qmail-vacation(1), qlist(1).
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "core/base/clock.h"
#include "core/base/environment.h"
#include "core/base/fd.h"

namespace qmail::queue {

/// A Message-ID, with its angle brackets, of a message that `program` writes in the name of `author`.
std::string notice_id(std::string_view program, std::string_view author, const Clock& clock);

/// Queues `message` with the null sender. Empty, or why not: as Client::close() gives it. The process must
/// ignore SIGPIPE. Throws Failure if there are no descriptors or processes left.
std::string send_notice(std::string_view message, std::span<const std::string> recipients,
                        const Directory& home, const Environment& environment);

}  // namespace qmail::queue
