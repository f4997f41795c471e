// One delivery by a process of its own: a fork of qmail-lspawn that finds the user, becomes it and then
// qmail-local. This is how it is done where the residents cannot do it. qmail-lspawn(8).
#pragma once
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/fd.h"
#include "core/base/spawn.h"
#include "core/queue/spawner.h"
#include "core/users/local_codes.h"
#include "core/users/user_record.h"

namespace qmail {

struct LocalWorld {
  const Directory& home;
  Identity getpw;  ///< who qmail-getpw runs as
  const std::string& default_delivery;
};

/// The user in charge of a recipient; or the code, of users::LocalCode or qmail-getpw's, that says why there
/// is none.
using FoundUser = std::variant<users::UserRecord, int>;
inline FoundUser no_user(users::LocalCode code) { return static_cast<int>(code); }

/// What qmail-getpw, started for this, says. Throws Failure.
FoundUser ask_getpw(const LocalWorld& world, std::string_view local);

/// Become the user and qmail-local, its descriptors 1 and 2 `output`. They return only if that is not
/// possible, with the code to exit with.
int run_local(const LocalWorld& world, const Identity& user, int message, int output,
              const std::vector<std::string>& args);
/// The same for a user that qmail-getpw has yet to find.
int find_and_run_local(const LocalWorld& world, const queue::Delivery& delivery, int output);

/// The arguments of qmail-local(8).
std::vector<std::string> local_arguments(const users::UserRecord& user, const queue::Delivery& delivery,
                                         const std::string& default_delivery);

}  // namespace qmail
