// Starting qmail-local as the user a recipient belongs to. qmail-lspawn(8).
#pragma once
#include <string>
#include <string_view>

#include "core/base/fd.h"
#include "core/base/spawn.h"
#include "core/queue/spawner.h"
#include "core/users/user_record.h"

namespace qmail {

/// Takes requests on descriptor 0 and writes reports to descriptor 1 until the requests end.
/// `default_delivery` is for users with an empty .qmail, or none. Throws Failure if it cannot start.
void spawn_local(const Directory& home, const std::string& default_delivery);

/// What the child of one delivery does: never returns normally, gives the code to exit with if qmail-local
/// was not run.
struct LocalDelivery {
  const Directory& home;
  Identity getpw;  ///< who qmail-getpw runs as
  const std::string& default_delivery;
};
int deliver_locally(const LocalDelivery& world, const queue::Delivery& delivery, int output);

/// The arguments of qmail-local(8).
std::vector<std::string> local_arguments(const users::UserRecord& user, const queue::Delivery& delivery,
                                         const std::string& default_delivery);

}  // namespace qmail
