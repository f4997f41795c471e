// From rules as people write them to the cdb that tcpserver reads. tcprules(1).
#pragma once
#include <string>

namespace qmail::ucspi {

/// Reads rules from `in` and replaces the file `cdb`, by way of `tmp` on the same file system. A line without
/// a colon is no rule: it is left out, with a warning to `err`. Throws Failure and leaves the old cdb.
void compile_rules(int in, const std::string& cdb, const std::string& tmp, int err);

}  // namespace qmail::ucspi
