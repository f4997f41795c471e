// Refuses SMTP clients that the administrator, or a list in the DNS, does not want. rblsmtpd(1).
#pragma once
#include <memory>

#include "core/base/program.h"
#include "core/base/resident.h"

namespace qmail::ucspi {

/// All lists together may take so long.
inline constexpr unsigned lookup_seconds = 10;

/// What a worker says of a client that is let in; it has then neither read nor written anything, and its
/// master goes on with the program in the job's arguments.
inline constexpr const char* let_in = "run";

/// Refuses the client in a conversation and returns its exit code, or becomes the program. Throws Failure.
int run_rblsmtpd(Process& self);

/// The same for the clients of one worker, which keeps the answers of the DNS: except that it says let_in
/// where run_rblsmtpd() becomes the program.
std::unique_ptr<resident::Work> make_rblsmtpd_work();

}  // namespace qmail::ucspi
