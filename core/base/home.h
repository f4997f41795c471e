// The home of the installation. A production binary has it compiled in and never takes it from its
// environment; the test variant of each program links home_for_tests.cpp instead.
#pragma once
#include <string>

namespace qmail {

/// Absolute, without a slash at its end: /var/qmail.
std::string home_path();
/// Where the settings of the whole system are: /etc; in tests, etc below the home.
std::string etc_path();

}  // namespace qmail
