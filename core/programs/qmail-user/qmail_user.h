// What qmail-user does. qmail-user(8).
#pragma once
#include "core/base/program.h"

namespace qmail {

/// Does what the arguments say. Returns 0; throws UsageError or Failure, and then nothing has changed.
int change_users(Process& self);

}  // namespace qmail
