// The contents of a binary mailing list as text. printmaillist(1).
#pragma once

namespace qmail {

/// Reads the list from `in` and prints one command a line on `out`. Throws Failure: permanent if it is none.
void print_mailing_list(int in, int out);

}  // namespace qmail
