// Refuses SMTP clients that the administrator, or a list in the DNS, does not want. rblsmtpd(1).
#pragma once
#include <memory>

#include "core/base/program.h"
#include "core/base/resident.h"

namespace qmail::ucspi {

/// All lists together may take so long.
inline constexpr unsigned lookup_seconds = 10;

/// Refuses the client in a conversation and returns its exit code, or becomes the program. Throws Failure.
int run_rblsmtpd(Process& self);

/// The same in a worker, which keeps the answers of the DNS, and tells of clients that it does not have:
/// ucspi/lib/onward.h.
std::unique_ptr<resident::Work> make_rblsmtpd_work();

}  // namespace qmail::ucspi
