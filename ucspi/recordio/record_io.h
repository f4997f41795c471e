// What recordio does. recordio(1).
#pragma once
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace qmail::ucspi {

/// The lines that show one piece: each starts with `pid` and `direction` ('<' for what the program reads),
/// and ends with a blank where the piece has a newline, with '+' where it just ends.
std::string record_lines(pid_t pid, char direction, std::string_view piece);
/// The line that shows that nothing more comes.
std::string record_end(pid_t pid, char direction);

/// Becomes `argv`; a child copies its input and output and shows them on `log`. Throws Failure.
[[noreturn]] void record_io(const std::vector<std::string>& argv, int log);

}  // namespace qmail::ucspi
