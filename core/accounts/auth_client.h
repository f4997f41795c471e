// Asking qmail-authd.
#pragma once
#include <optional>

#include "core/accounts/auth_packets.h"
#include "core/base/clock.h"
#include "core/base/fd.h"

namespace qmail::accounts {

/// Below the home. Root's and qmaild's to use.
inline constexpr const char* auth_socket = "run/auth/check";

/// The answer, which may take a while: somebody who has failed before waits. None if nobody is there to ask:
/// not a byte was sent. Whatever goes wrong behind that is "later".
std::optional<AuthAnswer> ask_authd(const Directory& home, const AuthQuestion& question, const Clock& clock);

}  // namespace qmail::accounts
