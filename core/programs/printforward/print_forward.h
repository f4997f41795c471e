// The instructions of a forwarding database as text that setforward reads. printforward(1).
#pragma once

namespace qmail {

/// Reads the database from `in`, from its start to the end of its records, and prints them on `out`. Throws
/// Failure: permanent if it is none, or cut short.
void print_forward(int in, int out);

}  // namespace qmail
