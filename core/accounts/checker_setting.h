// control/checkpassword: the program that qmail-authd has check passwords. qmail-control(5).
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/control/control.h"

namespace qmail::accounts {

/// The program and its arguments, which are divided by blanks; none if there is no such file, or nothing in
/// it. Throws Failure if it cannot be read.
std::optional<std::vector<std::string>> read_checker(const Control& control);

}  // namespace qmail::accounts
