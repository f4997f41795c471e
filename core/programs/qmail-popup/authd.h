// Asking qmail-authd in the place of the checker in the arguments. qmail-popup(8).
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/programs/qmail-popup/checker.h"

namespace qmail::popup {

/// If `program` begins with what control/checkpassword names, and qmail-authd is there, which runs that: asks
/// it, forgets the claim, and if the answer is yes runs the rest of `program` as the user and waits. Empty,
/// or what the client is to hear. None: `program` has to be asked itself.
std::optional<std::string_view> ask_authd(accounts::Claim& claim, const std::vector<std::string>& program,
                                          const Ends& ends, const Environment& environment,
                                          const Clock& clock);

}  // namespace qmail::popup
