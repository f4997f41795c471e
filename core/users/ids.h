// The numeric ids of qmail's users, from home/users/ids, which qmail-install writes: programs linked
// statically cannot ask the system's databases. One line a user: "name:uid:gid".
#pragma once
#include <optional>

#include "core/base/fd.h"
#include "core/base/spawn.h"

namespace qmail::users {

struct Ids {
  Identity alias, qmaild, qmaill, qmailp, qmailq, qmailr, qmails;
  std::optional<Identity> qmailt = std::nullopt;  ///< only where TLS is configured
  gid_t qmail() const { return qmailq.gid; }
  gid_t nofiles() const { return qmaild.gid; }
};

/// Throws Failure if the file is absent, unreadable, or leaves one of the users out.
Ids read_ids(const Directory& home);
/// None in the same case: for programs with an exit code of their own for that.
std::optional<Ids> try_read_ids(const Directory& home);

}  // namespace qmail::users
