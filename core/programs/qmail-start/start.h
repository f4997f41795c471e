// Joining qmail-send, its spawners, qmail-clean and a logger with pipes. qmail-start(8).
#pragma once
#include <string>
#include <vector>

#include "core/users/ids.h"

namespace qmail {

/// `args`: the default delivery, then a logger with its arguments; all may be missing. Programs are looked up
/// in PATH. Starts the others and becomes qmail-send. Throws Failure if something cannot be started.
[[noreturn]] void start_mail(const users::Ids& ids, const std::vector<std::string>& args);

}  // namespace qmail
