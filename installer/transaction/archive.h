// One file, link, fifo or empty directory as a pax archive of its own, with owner, mode, times and extended
// attributes: what roll-back restores from.
#pragma once
#include <string>

#include "core/base/fd.h"

namespace qmail::transaction {

/// Writes `name` of directory `from` into the new file `archive` of directory `to`; durable on return.
/// Throws Failure.
void save_object(const Fd& from, const std::string& name, const Directory& to, const std::string& archive);

/// Makes the object again as `name` in directory `to`, which must not exist there. Throws Failure.
void restore_object(const Directory& from, const std::string& archive, const Fd& to, const std::string& name);

}  // namespace qmail::transaction
