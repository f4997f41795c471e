// What qmail-rspawn tells qmail-send of a remote delivery that has ended: qmail-remote's reports, one for
// the recipient and one for the message, become one. qmail-remote(8), qmail-rspawn(8).
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace qmail {

/// Far more than qmail-remote writes for one recipient; a program in its place may write anything.
inline constexpr std::size_t longest_remote_output = 65536;

inline constexpr const char* cannot_run_remote = "DUnable to run qmail-remote.\n";
inline constexpr const char* cannot_run_remote_now = "ZUnable to run qmail-remote.\n";

/// K, Z or D and a text, for a child that ended with `status` (as of waitpid(2)) and wrote `output`.
std::string remote_report(int status, std::string_view output);

}  // namespace qmail
