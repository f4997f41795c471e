// What fixcrio does. fixcrio(1).
#pragma once
#include <string>
#include <vector>

namespace qmail::ucspi {

/// Becomes `argv`; a child copies its input and output and puts a CR before every LF that has none. Throws
/// Failure.
[[noreturn]] void fix_cr_io(const std::vector<std::string>& argv);

}  // namespace qmail::ucspi
