// A qmail-queue that may not write to the queue gives its message to the resident one.
#pragma once
#include <optional>
#include <string>

#include "core/programs/qmail-queue/source.h"

namespace qmail::queue {

/// Its exit code; none, with nothing read, if this process is qmailq or nobody listens. Throws a refusal.
std::optional<int> relay_message(Source& source, const std::string& home);

}  // namespace qmail::queue
