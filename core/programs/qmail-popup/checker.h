// Asking checkpassword, or a program that is called like it: the question on descriptor 3, the answer in what
// it does. qmail-popup(8).
#pragma once
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

#include "core/accounts/claim.h"
#include "core/base/environment.h"

namespace qmail::popup {

/// What becomes descriptors 0, 1 and 2 of the program.
struct Ends {
  int in, out, err;
};

/// Runs the program, asks it, forgets the claim and waits: the program becomes the session of the user if the
/// answer is yes. Empty, or what the client is to hear. The process must ignore SIGPIPE.
std::string_view ask(accounts::Claim& claim, const std::vector<std::string>& program, const Ends& ends,
                     const Environment& environment);

/// Why the program could not be started, from errno: for the log, and what the client is to hear.
std::string_view tell_not_started(const std::string& program, const Ends& ends);
/// Waits for its end. Empty, or what the client is to hear.
std::string_view wait_for_session(pid_t child);

}  // namespace qmail::popup
