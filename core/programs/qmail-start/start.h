// Joining qmail-send, its spawners, qmail-clean and loggers with pipes. qmail-start(8).
#pragma once
#include <string>
#include <vector>

#include "core/base/fd.h"
#include "core/users/ids.h"

namespace qmail {

/// The words of control/jsonlog: a program that takes the JSON twin of the log, and its arguments. Empty if
/// there is none. Throws Failure.
std::vector<std::string> read_twin_logger(const Directory& home);

/// `args`: the default delivery, then a logger with its arguments; all may be missing. Programs are looked up
/// in PATH. Starts the others and becomes qmail-send. Throws Failure if something cannot be started.
[[noreturn]] void start_mail(const users::Ids& ids, const std::vector<std::string>& args,
                             const std::vector<std::string>& twin_logger);

}  // namespace qmail
