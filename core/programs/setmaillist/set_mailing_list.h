// A binary mailing list from the lines of standard input. setmaillist(1).
#pragma once
#include <string>

namespace qmail {

/// Reads the list from `in`, writes `tmp` and moves it to `bin`. Throws Failure and leaves the old `bin`.
void set_mailing_list(int in, const std::string& bin, const std::string& tmp);

}  // namespace qmail
