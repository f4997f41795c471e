// A forwarding database from a table on standard input. setforward(1).
#pragma once
#include <string>

namespace qmail {

/// Reads the table from `in`, writes `tmp` and moves it to `cdb`. Throws Failure and leaves the old `cdb`.
void set_forward(int in, const std::string& cdb, const std::string& tmp);

}  // namespace qmail
