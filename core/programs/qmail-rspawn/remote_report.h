// What qmail-rspawn tells qmail-send of a remote delivery that has ended: qmail-remote's reports, one for
// the recipient and one for the message, become one. qmail-remote(8), qmail-rspawn(8).
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace qmail {

/// Far more than qmail-remote writes for a hundred recipients; a program in its place may write anything.
inline constexpr std::size_t longest_remote_output = std::size_t{1} << 20;

inline constexpr const char* cannot_run_remote = "DUnable to run qmail-remote.\n";
inline constexpr const char* cannot_run_remote_now = "ZUnable to run qmail-remote.\n";

/// K, Z or D and a text, for a child that ended with `status` (as of waitpid(2)) and wrote `output`.
std::string remote_report(int status, std::string_view output);
/// The same for a transaction with `recipients`, at least one: a report for each, in order. Who has none of
/// his own in `output` shares the message's.
std::vector<std::string> remote_reports(int status, std::string_view output, std::size_t recipients);

}  // namespace qmail
