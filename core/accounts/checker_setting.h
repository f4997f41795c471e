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

/// What stands behind the words of `checker` in `program`; empty if that does not begin with them, and if
/// there is nothing.
std::vector<std::string> behind_checker(const std::vector<std::string>& program,
                                        const std::vector<std::string>& checker);

/// True if it is checkvida(8), which can be asked how a password was salted.
bool knows_scram(const std::vector<std::string>& checker);

}  // namespace qmail::accounts
