// What maildirmake does. maildirmake(1).
#pragma once
#include <string>
#include <vector>

namespace qmail {

/// Makes the maildir that the first argument names. Returns 0; throws Failure or UsageError.
int make_maildir(const std::vector<std::string>& args);

}  // namespace qmail
