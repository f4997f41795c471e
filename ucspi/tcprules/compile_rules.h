// From rules as people write them to the cdb that tcpserver reads. tcprules(1).
#pragma once
#include <string>

namespace qmail::ucspi {

/// Reads rules from `in` and replaces the file `cdb`, by way of `tmp` on the same file system: after return
/// the new one survives power loss. What is odd is told to `err`: a line without a colon, which is left out,
/// and a network given by an address inside it. Throws Failure and leaves the old cdb.
void compile_rules(int in, const std::string& cdb, const std::string& tmp, int err);

}  // namespace qmail::ucspi
