// The old name of comparing what is installed with the manifest. instcheck(8).
#pragma once
#include <string>
#include <vector>

namespace qmail {

/// The program: "instcheck: warning: ..." for each difference on descriptor `err`. Returns 0 if there are
/// none, 100 if there are. Throws Failure.
int instcheck(const std::vector<std::string>& args, int err);

}  // namespace qmail
