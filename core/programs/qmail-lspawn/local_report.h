// What qmail-lspawn tells qmail-send of a local delivery that has ended. qmail-lspawn(8).
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace qmail {

/// More output than local_report() passes on, so that it can tell.
inline constexpr std::size_t longest_local_output = 4096;

/// K, Z or D and a text, for a child that ended with `status` (as of waitpid(2)) and wrote `output`.
std::string local_report(int status, std::string_view output);

}  // namespace qmail
