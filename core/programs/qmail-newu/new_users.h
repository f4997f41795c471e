// users/cdb from users/assign. qmail-newu(8).
#pragma once
#include "core/base/fd.h"

namespace qmail {

/// Reads assign in `users` and replaces cdb there, byte for byte as stock does. Throws Failure, naming the
/// line if one is wrong, and leaves the old cdb.
void new_users(const Directory& users);

}  // namespace qmail
